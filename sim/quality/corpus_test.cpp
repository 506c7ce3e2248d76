#include "sim/quality/corpus.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "core/wire/sample_codec.hpp"

namespace rtjam::sim::quality {
namespace {

constexpr Duration one_second = std::chrono::seconds{1};

// FNV-1a over the samples as they are on the wire.
std::uint64_t hash_of(const std::vector<Sound>& corpus) {
    std::uint64_t hash = 0xCBF29CE484222325;
    const auto add = [&hash](const std::vector<float>& samples) {
        for (const float sample : samples) hash = (hash ^ encode_sample(sample)) * 0x100000001B3;
    };
    for (const Sound& sound : corpus) {
        add(sound.left);
        add(sound.right);
    }
    return hash;
}

TEST(Corpus, is_the_same_for_a_seed_on_every_compiler) {
    EXPECT_EQ(hash_of(render_corpus(1, one_second)), 14409784892911332190U);
}

TEST(Corpus, another_seed_is_other_music) {
    EXPECT_NE(hash_of(render_corpus(1, one_second)), hash_of(render_corpus(2, one_second)));
}

TEST(Corpus, every_channel_is_as_long_as_asked_and_peaks_at_half_of_full_scale) {
    for (const Sound& sound : render_corpus(1, one_second)) {
        for (const auto& channel : {sound.left, sound.right}) {
            ASSERT_EQ(channel.size(), 48000U) << sound.name;
            float peak = 0.0F;
            for (const float sample : channel) peak = std::max(peak, std::fabs(sample));
            EXPECT_NEAR(peak, 0.5F, 0.001F) << sound.name;
        }
    }
}

TEST(Corpus, no_channel_is_silent_for_long) {
    // A rest of half a second is music; losses in silence would measure nothing.
    for (const Sound& sound : render_corpus(1, std::chrono::seconds{3})) {
        for (const auto& channel : {sound.left, sound.right}) {
            for (std::size_t begin = 0; begin + 24000 <= channel.size(); begin += 24000) {
                const auto loud = [](float sample) { return std::fabs(sample) > 0.005F; };
                const auto at = channel.begin() + static_cast<std::ptrdiff_t>(begin);
                EXPECT_TRUE(std::any_of(at, at + 24000, loud)) << sound.name << " at " << begin;
            }
        }
    }
}

TEST(Corpus, pieces_have_names_of_their_own_and_two_different_parts) {
    std::set<std::string> names;
    for (const Sound& sound : render_corpus(1, one_second)) {
        EXPECT_TRUE(names.insert(sound.name).second) << sound.name;
        EXPECT_NE(sound.left, sound.right) << sound.name;
    }
    EXPECT_EQ(names.size(), 9U);
}

}  // namespace
}  // namespace rtjam::sim::quality
