#include "core/wire/packet.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

using Bytes = std::vector<std::byte>;
using nlohmann::json;

Bytes bytes_of_hex(const std::string& hex) {
    Bytes bytes;
    for (std::size_t at = 0; at < hex.size(); at += 2) {
        bytes.push_back(static_cast<std::byte>(std::stoul(hex.substr(at, 2), nullptr, 16)));
    }
    return bytes;
}

json vectors(const char* kind) {
    std::ifstream file{RTJAM_WIRE_VECTORS};
    const json all = json::parse(file).at(kind);
    if (all.empty()) throw std::runtime_error{"no vectors: these tests would pass without testing"};
    return all;
}

PacketHeader header_of(const json& vector) {
    return {.channel = vector.at("channel"),
            .sample_rate_code = vector.at("sample_rate"),
            .chunks = vector.at("chunks"),
            .beat = vector.at("beat"),
            .server_time = ServerTime{std::stoull(vector.at("server_time").get<std::string>())},
            .client_time_us = std::stoull(vector.at("client_time").get<std::string>()),
            .client_id = ClientId{vector.at("client_id")},
            .sequence = SequenceNumber{vector.at("sequence")}};
}

void expect_channel(std::span<const std::byte> wire, const json& codes, const json& values) {
    ASSERT_EQ(wire.size(), 2 * codes.size());
    std::vector<float> samples(codes.size());
    decode_samples(wire, samples);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        EXPECT_EQ(samples[i], values[i].get<float>());
        EXPECT_EQ(encode_sample(samples[i]), codes[i].get<std::uint16_t>());
    }
}

TEST(Packet, every_valid_vector_parses_to_its_fields) {
    for (const json& vector : vectors("valid")) {
        SCOPED_TRACE(vector.at("name"));
        const Bytes datagram = bytes_of_hex(vector.at("hex"));
        const auto packet = parse(datagram);
        ASSERT_TRUE(packet);
        const PacketHeader expected = header_of(vector);
        const PacketHeader& header = packet->header();
        EXPECT_EQ(header.channel, expected.channel);
        EXPECT_EQ(header.sample_rate_code, expected.sample_rate_code);
        EXPECT_EQ(header.chunks, expected.chunks);
        EXPECT_EQ(header.beat, expected.beat);
        EXPECT_EQ(header.server_time, expected.server_time);
        EXPECT_EQ(header.client_time_us, expected.client_time_us);
        EXPECT_EQ(header.client_id, expected.client_id);
        EXPECT_EQ(header.sequence, expected.sequence);
        EXPECT_EQ(packet->frames(), FrameCount{vector.at("frames")});
        expect_channel(packet->left(), vector.at("left_u16"), vector.at("left"));
        expect_channel(packet->right(), vector.at("right_u16"), vector.at("right"));
    }
}

TEST(Packet, every_valid_vector_is_encoded_byte_for_byte) {
    for (const json& vector : vectors("valid")) {
        SCOPED_TRACE(vector.at("name"));
        const auto left = vector.at("left").get<std::vector<float>>();
        const auto right = vector.at("right").get<std::vector<float>>();
        std::array<std::byte, packet_size_max> out{};
        std::span<std::byte> encoded = encode(header_of(vector), {left, right}, out);
        // A sender's chunks always say the size; a vector may hold any value there.
        if (vector.at("chunks") != encoded.size() / 32) encode_header(header_of(vector), encoded);
        EXPECT_EQ(Bytes(encoded.begin(), encoded.end()), bytes_of_hex(vector.at("hex")));
    }
}

TEST(Packet, every_invalid_vector_is_refused_with_its_error) {
    for (const json& vector : vectors("invalid")) {
        SCOPED_TRACE(vector.at("name"));
        const auto packet = parse(bytes_of_hex(vector.at("hex")));
        ASSERT_FALSE(packet);
        EXPECT_EQ(name_of(packet.error()), vector.at("error"));
    }
}

TEST(Packet, the_size_alone_decides_what_is_valid) {
    const Bytes zeros(70'000);
    for (std::size_t size = 0; size <= 1100; ++size) {
        const auto packet = parse(std::span{zeros}.first(size));
        const bool valid = size >= 28 && size <= 1024 && (size - 28) % 4 == 0;
        EXPECT_EQ(packet.has_value(), valid) << size;
    }
    EXPECT_EQ(parse(std::span{zeros}.first(65'507)).error(), ParseError::too_long);
}

TEST(Packet, a_view_points_into_the_datagram) {
    const Bytes datagram(packet_size(FrameCount{64}));
    const auto packet = parse(datagram);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->left().data(), datagram.data() + 28);
    EXPECT_EQ(packet->right().data(), datagram.data() + 28 + 128);
    EXPECT_EQ(packet->right().size(), 128U);
}

TEST(Packet, patching_changes_beat_and_server_time_and_nothing_else) {
    Bytes datagram(540);
    for (std::size_t i = 0; i < datagram.size(); ++i) datagram[i] = static_cast<std::byte>(i * 7 + 1);
    const Bytes before = datagram;
    patch_server_fields(datagram, ServerTime{0x0102030405060708}, 2);
    for (std::size_t i = 0; i < datagram.size(); ++i) {
        if (i == 3) {
            EXPECT_EQ(datagram[i], std::byte{2});
        } else if (i >= 4 && i < 12) {
            EXPECT_EQ(datagram[i], static_cast<std::byte>(i - 3));
        } else {
            EXPECT_EQ(datagram[i], before[i]) << i;
        }
    }
}

TEST(ServerTime, tells_a_rooms_time_from_a_cookie) {
    EXPECT_FALSE(ServerTime::of_room(Instant{std::chrono::seconds{5}}).is_cookie());
    EXPECT_EQ(ServerTime::of_room(Instant{std::chrono::seconds{5}}).on_the_wire(), 5'000'000U);
    EXPECT_TRUE(ServerTime::of_cookie(5).is_cookie());
    EXPECT_FALSE(ServerTime::of_room(Instant{std::chrono::seconds{-5}}).is_cookie());
}

}  // namespace
}  // namespace rtjam
