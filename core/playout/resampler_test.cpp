#include "core/playout/resampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/rng.hpp"
#include "core/playout/resampler_taps.hpp"
#include "core/testing/allocation_counter.hpp"

namespace rtjam {
namespace {

constexpr PlaySpeed normal_speed{};
constexpr PlaySpeed fast = PlaySpeed::faster_by_ppb(5'000'000);
constexpr PlaySpeed fastest = PlaySpeed::faster_by_ppb(10'000'000);
constexpr PlaySpeed slowest = PlaySpeed::faster_by_ppb(-10'000'000);

struct Stereo {
    std::vector<float> left;
    std::vector<float> right;

    explicit Stereo(FrameCount frames) : left(frames.size()), right(frames.size()) {}
    AudioInput part(SourceRange range) const {
        const auto begin = static_cast<std::size_t>(range.begin.frames());
        const std::size_t length = range.frames.size();
        return {std::span{left}.subspan(begin, length), std::span{right}.subspan(begin, length)};
    }
    AudioOutput span() { return {left, right}; }
    friend bool operator==(const Stereo&, const Stereo&) = default;
};

// Frames 0 and on of a timeline.
Stereo noise(FrameCount frames, std::uint64_t seed) {
    Rng rng{seed};
    Stereo out{frames};
    for (float& sample : out.left) sample = static_cast<float>(2.0 * rng.uniform() - 1.0);
    for (float& sample : out.right) sample = static_cast<float>(2.0 * rng.uniform() - 1.0);
    return out;
}

Stereo heard_of(const Stereo& source, PlayPosition from, PlaySpeed speed, FrameCount frames) {
    Stereo out{frames};
    resample(source.part(source_of(from, speed, frames)), from, speed, out.span());
    return out;
}

std::vector<std::uint32_t> bits_of(const std::vector<float>& samples) {
    std::vector<std::uint32_t> bits(samples.size());
    std::transform(samples.begin(), samples.end(), bits.begin(),
                   [](float sample) { return std::bit_cast<std::uint32_t>(sample); });
    return bits;
}

// FNV-1a, a sample at a time.
constexpr std::uint64_t empty_digest = 0xcbf29ce484222325;
std::uint64_t digest_of(std::uint64_t before, const std::vector<float>& samples) {
    std::uint64_t digest = before;
    for (const std::uint32_t bits : bits_of(samples)) digest = (digest ^ bits) * 0x100000001b3;
    return digest;
}

TEST(Resampler, passes_through_to_the_bit_and_waits_for_nothing) {
    Stereo source = noise(FrameCount{128}, 1);
    source.left[0] = -0.0F;
    source.left[1] = 1e-42F;  // subnormal
    source.left[2] = std::bit_cast<float>(0x7fc1'2345U);
    const PlayPosition from{SamplePosition{0}, 0};
    EXPECT_EQ(source_of(from, normal_speed, FrameCount{128}), (SourceRange{from.frame, FrameCount{128}}));
    const Stereo out = heard_of(source, from, normal_speed, FrameCount{128});
    EXPECT_EQ(bits_of(out.left), bits_of(source.left));
    EXPECT_EQ(bits_of(out.right), bits_of(source.right));
}

TEST(Resampler, a_whole_frame_at_another_speed_is_that_frame_too) {
    const Stereo source = noise(FrameCount{64}, 2);
    const Stereo out = heard_of(source, {SamplePosition{20}, 0}, fast, FrameCount{1});
    EXPECT_EQ(out.left[0], source.left[20]);
    EXPECT_EQ(out.right[0], source.right[20]);
}

TEST(Resampler, reads_eleven_frames_before_and_four_after) {
    const PlayPosition from{SamplePosition{100}, 1U << 31};
    EXPECT_EQ(source_of(from, normal_speed, FrameCount{1}),
              (SourceRange{SamplePosition{89}, FrameCount{16}}));
    EXPECT_EQ(source_of(from, normal_speed, FrameCount{128}),
              (SourceRange{SamplePosition{89}, FrameCount{128 + 15}}));
}

TEST(Resampler, no_frames_need_no_source) {
    const PlayPosition from{SamplePosition{100}, 1U << 31};
    EXPECT_EQ(source_of(from, fast, FrameCount{0}).frames, FrameCount{0});
    resample({}, from, fast, {});
}

TEST(Resampler, no_piece_needs_more_than_the_most) {
    for (const PlaySpeed speed : {slowest, normal_speed, fastest}) {
        for (const std::uint32_t fraction : {0U, 1U, 1U << 31, UINT32_MAX}) {
            for (FrameCount heard{1}; heard <= FrameCount{1024}; heard += FrameCount{1}) {
                const PlayPosition from{SamplePosition{0}, fraction};
                ASSERT_LE(source_of(from, speed, heard).frames, source_frames_max(heard));
            }
        }
    }
}

// Also shows, under the address sanitizer, that nothing outside the named source is read.
TEST(Resampler, every_frame_at_the_bounds_of_speed_is_near_its_neighbours) {
    for (const PlaySpeed speed : {slowest, fastest}) {
        for (const std::uint32_t fraction : {0U, 1U, UINT32_MAX}) {
            const PlayPosition from{SamplePosition{11}, fraction};
            const SourceRange range = source_of(from, speed, FrameCount{1024});
            Stereo source{range.frames};
            for (std::size_t i = 0; i < source.left.size(); ++i) {
                source.left[i] = static_cast<float>(i) / 2048.0F;
            }
            Stereo out{FrameCount{1024}};
            resample({source.left, source.right}, from, speed, out.span());
            for (std::size_t i = 0; i < 1024; ++i) {
                const PlayPosition at = advanced(from, speed, FrameCount{static_cast<std::int64_t>(i)});
                const double place =
                    static_cast<double>((at.frame - range.begin).count()) + at.fraction * 0x1.0p-32;
                ASSERT_NEAR(out.left[i], place / 2048.0, 1e-6) << "frame " << i;
            }
        }
    }
}

TEST(Resampler, both_channels_are_read_at_the_same_place_and_apart) {
    Stereo source = noise(FrameCount{300}, 3);
    const PlayPosition from{SamplePosition{50}, 0x1234'5678};
    const Stereo different = heard_of(source, from, fast, FrameCount{200});
    std::swap(source.left, source.right);
    const Stereo swapped = heard_of(source, from, fast, FrameCount{200});
    EXPECT_EQ(different.left, swapped.right);
    EXPECT_EQ(different.right, swapped.left);
    source.right = source.left;
    const Stereo same = heard_of(source, from, fast, FrameCount{200});
    EXPECT_EQ(same.left, same.right);
    EXPECT_EQ(same.left, swapped.left);
}

TEST(Resampler, the_size_of_the_pieces_changes_no_sample) {
    const Stereo source = noise(FrameCount{2000}, 4);
    for (const PlaySpeed speed : {slowest, fast, normal_speed}) {
        PlayPosition at{SamplePosition{20}, 0xfedc'ba98};
        const Stereo whole = heard_of(source, at, speed, FrameCount{1500});
        Stereo pieces{FrameCount{0}};
        for (std::int64_t left = 1500, size = 1; left > 0;
             left -= size, size = std::min(left, size * 2 + 1)) {
            const Stereo piece = heard_of(source, at, speed, FrameCount{size});
            pieces.left.insert(pieces.left.end(), piece.left.begin(), piece.left.end());
            pieces.right.insert(pieces.right.end(), piece.right.begin(), piece.right.end());
            at = advanced(at, speed, FrameCount{size});
        }
        EXPECT_EQ(pieces, whole);
    }
}

TEST(Resampler, a_constant_stays_what_it_is) {
    Stereo source{FrameCount{1200}};
    source.left.assign(1200, 1.0F);
    source.right.assign(1200, -0.25F);
    const Stereo out = heard_of(source, {SamplePosition{20}, 0}, fastest, FrameCount{1000});
    for (const float sample : out.left) ASSERT_NEAR(sample, 1.0F, 5e-7F);
    for (const float sample : out.right) ASSERT_NEAR(sample, -0.25F, 1.25e-7F);
}

TEST(Resampler, an_impulse_is_met_on_its_frame_and_not_on_the_one_before) {
    Stereo source{FrameCount{32}};
    source.left[16] = 1.0F;
    EXPECT_EQ(heard_of(source, {SamplePosition{16}, 0}, fast, FrameCount{1}).left[0], 1.0F);
    EXPECT_EQ(heard_of(source, {SamplePosition{15}, 0}, fast, FrameCount{1}).left[0], 0.0F);
    // Just before its frame it is there already: a row leads into the next without a step.
    EXPECT_NEAR(heard_of(source, {SamplePosition{15}, UINT32_MAX}, fast, FrameCount{1}).left[0], 1.0F, 1e-6F);
}

TEST(Resampler, allocates_nothing) {
    const Stereo source = noise(FrameCount{300}, 5);
    Stereo out{FrameCount{128}};
    const PlayPosition from{SamplePosition{20}, 77};
    const std::uint64_t before = allocations_so_far();
    resample(source.part(source_of(from, fast, FrameCount{128})), from, fast, out.span());
    EXPECT_EQ(allocations_so_far(), before);
}

// The same on g++ and clang, and on every machine: a computed table and ordered sums.
TEST(Resampler, gives_the_same_bits_everywhere) {
    std::uint64_t table = empty_digest;
    for (const Taps& row : tap_table) {
        table = digest_of(table, {row.begin(), row.end()});
    }
    EXPECT_EQ(table, 5462304581362256658U);

    const Stereo source = noise(FrameCount{5000}, 6);
    std::uint64_t heard = empty_digest;
    PlayPosition at{SamplePosition{20}, 0};
    for (std::int64_t ppb = -5'000'000; ppb < 5'000'000; ppb += 300'000) {
        const PlaySpeed speed = PlaySpeed::faster_by_ppb(ppb);
        const Stereo out = heard_of(source, at, speed, FrameCount{128});
        heard = digest_of(digest_of(heard, out.left), out.right);
        at = advanced(at, speed, FrameCount{128});
    }
    EXPECT_EQ(heard, 12380973773401107777U);
}

}  // namespace
}  // namespace rtjam
