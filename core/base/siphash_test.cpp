#include "core/base/siphash.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace rtjam {
namespace {

// The key 00 01 … 0f and messages 00 01 … of the paper's appendix A and of its authors' reference vectors.
class SipHash : public testing::Test {
protected:
    SipHash() {
        std::iota(key_.begin(), key_.end(), std::uint8_t{0});
        std::iota(message_.begin(), message_.end(), std::uint8_t{0});
    }
    SipHashKey key_{};
    std::array<std::uint8_t, 64> message_{};
};

TEST_F(SipHash, gives_the_papers_example) {
    EXPECT_EQ(siphash_2_4(key_, std::span{message_}.first(15)), 0xA129CA6149BE45E5U);
}

TEST_F(SipHash, gives_the_reference_value_of_the_empty_message) {
    EXPECT_EQ(siphash_2_4(key_, {}), 0x726FDB47DD0E0E31U);
}

TEST_F(SipHash, gives_the_reference_value_of_a_whole_word) {
    EXPECT_EQ(siphash_2_4(key_, std::span{message_}.first(8)), 0x93F5F5799A932462U);
}

TEST_F(SipHash, depends_on_the_key) {
    const auto before = siphash_2_4(key_, message_);
    key_[15] ^= 1;
    EXPECT_NE(siphash_2_4(key_, message_), before);
}

}  // namespace
}  // namespace rtjam
