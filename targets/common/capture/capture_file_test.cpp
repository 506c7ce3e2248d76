#include "targets/common/capture/capture_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "core/capture/capture_encoding.hpp"
#include "core/capture/capture_reader.hpp"
#include "targets/testing/comes_true.hpp"

namespace rtjam {
namespace {

class CaptureFileTest : public testing::Test {
protected:
    ~CaptureFileTest() override { std::filesystem::remove(path_); }

    std::vector<CaptureRecord> records() {
        std::ifstream stream{path_, std::ios::binary};
        const std::vector<char> text{std::istreambuf_iterator<char>{stream}, {}};
        bytes_.resize(text.size());
        std::transform(text.begin(), text.end(), bytes_.begin(),
                       [](char each) { return static_cast<std::byte>(each); });
        auto reader = CaptureReader::open(bytes_);
        std::vector<CaptureRecord> all;
        while (const auto record = reader->next()) all.push_back(*record);
        error_ = reader->error();
        return all;
    }
    static std::vector<std::byte> packet(std::uint32_t sequence, FrameCount frames = FrameCount{128}) {
        std::vector<std::byte> bytes(packet_size(frames), std::byte{0x5A});
        encode_header({.client_id = ClientId{7}, .sequence = SequenceNumber{sequence}}, bytes);
        return bytes;
    }

    std::string path_ = testing::TempDir() + "rtjam_capture_" + std::to_string(getpid());
    std::vector<std::byte> bytes_;
    std::optional<CaptureError> error_;
};

TEST_F(CaptureFileTest, addresses_become_numbers_and_rubbish_is_told) {
    {
        CaptureFile file{
            {.path = path_, .kind = CaptureKind::server, .items_min = 64, .room = CapturedRoom{}}};
        const Endpoint one = ipv4_endpoint({192, 0, 2, 77}, 1000);
        file.feed().push_datagram(packet(1), one, Instant{Duration{1}}, false);
        file.feed().push_datagram(packet(2), ipv4_endpoint({192, 0, 2, 78}, 1000), Instant{Duration{2}},
                                  false);
        file.feed().push_datagram(packet(3), ipv4_endpoint({192, 0, 3, 1}, 1000), Instant{Duration{3}},
                                  false);
        file.feed().push_datagram(packet(4), one, Instant{Duration{4}}, false);
        file.feed().push_datagram(packet(5), Endpoint{}, Instant{Duration{5}}, false);
        file.feed().push_datagram(std::vector<std::byte>(29), one, Instant{Duration{6}}, false);
    }
    const auto all = records();
    EXPECT_FALSE(error_);
    ASSERT_EQ(all.size(), 7U);
    EXPECT_TRUE(std::holds_alternative<CapturedRoom>(all[0]));
    const auto from = [&](std::size_t i) { return std::get<CapturedDatagram>(all[i]).from; };
    EXPECT_EQ(from(1), (CapturedAddress{0, 0}));
    EXPECT_EQ(from(2), (CapturedAddress{1, 0}));
    EXPECT_EQ(from(3), (CapturedAddress{2, 1}));
    EXPECT_EQ(from(4), (CapturedAddress{0, 0}));
    EXPECT_TRUE(std::get<CapturedRubbish>(all[5]).unanswerable);
    EXPECT_FALSE(std::get<CapturedRubbish>(all[6]).unanswerable);
    const std::vector<std::byte> address{std::byte{192}, std::byte{0}, std::byte{2}};
    EXPECT_EQ(std::search(bytes_.begin(), bytes_.end(), address.begin(), address.end()), bytes_.end());
}

TEST_F(CaptureFileTest, there_is_audio_only_if_it_is_asked_for) {
    for (const bool with_audio : {false, true}) {
        std::filesystem::remove(path_);
        {
            CaptureFile file{{.path = path_, .with_audio = with_audio, .items_min = 64}};
            file.feed().push_datagram(packet(1, packet_frames_max), {}, Instant{}, false);
            file.feed().push_datagram(packet(2, FrameCount{0}), {}, Instant{}, false);
        }
        const auto all = records();
        ASSERT_EQ(all.size(), 2U);
        EXPECT_EQ(std::get<CapturedDatagram>(all[0]).audio.size(), with_audio ? 996U : 0U);
        EXPECT_EQ(std::get<CapturedDatagram>(all[1]).audio.size(), 0U);
        EXPECT_EQ(std::count(bytes_.begin(), bytes_.end(), std::byte{0x5A}) >= 996, with_audio);
    }
}

TEST_F(CaptureFileTest, it_can_be_read_while_it_is_written) {
    CaptureFile file{{.path = path_, .items_min = 64}};
    file.feed().push_callback(Instant{});
    EXPECT_TRUE(comes_true([&] { return !records().empty(); }));
    EXPECT_EQ(records().size(), 1U);
    EXPECT_FALSE(error_);
}

TEST_F(CaptureFileTest, what_did_not_fit_is_a_gap) {
    constexpr std::uint64_t pushed = 100'000;
    {
        CaptureFile file{{.path = path_, .items_min = 4}};
        for (std::uint64_t i = 0; i < pushed; ++i) file.feed().push_callback(Instant{});
    }
    std::uint64_t callbacks = 0;
    std::uint64_t missing = 0;
    for (const CaptureRecord& record : records()) {
        if (const auto* gap = std::get_if<CapturedGap>(&record)) missing += gap->records;
        if (std::holds_alternative<CapturedCallback>(record)) ++callbacks;
    }
    EXPECT_GT(missing, 0U);
    EXPECT_EQ(callbacks + missing, pushed);
}

TEST_F(CaptureFileTest, a_source_too_many_is_a_gap) {
    {
        CaptureFile file{{.path = path_, .kind = CaptureKind::server, .items_min = 8192}};
        for (std::uint16_t i = 0; i < capture_sources_max + 3; ++i) {
            const auto port = static_cast<std::uint16_t>(1 + i);
            file.feed().push_datagram(packet(1), ipv4_endpoint({192, 0, 2, 1}, port), Instant{}, false);
        }
    }
    const auto all = records();
    ASSERT_EQ(all.size(), capture_sources_max + 1);
    EXPECT_EQ(std::get<CapturedGap>(all.back()).records, 3U);
}

TEST_F(CaptureFileTest, a_full_disk_ends_it_and_what_was_written_is_read) {
    rlimit old{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
    const rlimit small{.rlim_cur = 1000, .rlim_max = old.rlim_max};
    {
        CaptureFile file{{.path = path_, .items_min = 8192}};
        ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
        for (std::uint32_t i = 0; i < 1000; ++i)
            file.feed().push_datagram(packet(i * i), {}, Instant{}, false);
        EXPECT_TRUE(comes_true([&] { return file.feed().is_broken(); }));
    }
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
    EXPECT_GT(records().size(), 30U);
    EXPECT_LE(bytes_.size(), 1000U);
}

// As of a service that is started again after a fall.
TEST_F(CaptureFileTest, what_was_captured_before_stays_and_the_next_file_has_its_time_in_its_name) {
    const std::filesystem::path folder = path_ + "_again";
    std::filesystem::create_directories(folder);
    std::filesystem::create_symlink("/dev/null", folder / "linked.cap");
    std::ofstream{folder / "evening.cap.1"} << "evidence";
    const std::string second = CaptureFile{{.path = folder / "evening.cap", .suffix = ".1"}}.path();
    EXPECT_THAT(second, testing::MatchesRegex(".*/evening-[0-9]{8}T[0-9]{6}\\.[0-9]{3}Z\\.cap\\.1"));
    EXPECT_EQ(std::filesystem::file_size(folder / "evening.cap.1"), 8U);
    EXPECT_EQ(std::filesystem::file_size(second), capture_header_size);
    EXPECT_NE(CaptureFile{{.path = folder / "linked.cap"}}.path(), folder / "linked.cap");
    std::filesystem::remove_all(folder);
}

TEST_F(CaptureFileTest, it_is_not_for_everybody_to_read) {
    const CaptureFile file{{.path = path_, .with_audio = true}};
    const auto everybody = std::filesystem::perms::others_all;
    EXPECT_EQ(file.path(), path_);
    EXPECT_EQ(std::filesystem::status(path_).permissions() & everybody, std::filesystem::perms::none);
}

TEST_F(CaptureFileTest, a_file_that_cannot_be_made_is_an_error_at_once) {
    EXPECT_THROW((CaptureFile{{.path = "/no/such/folder/file"}}), std::system_error);
}

}  // namespace
}  // namespace rtjam
