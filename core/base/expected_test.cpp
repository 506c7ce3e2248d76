#include "core/base/expected.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rtjam {
namespace {

Expected<int, std::string> half(int value) {
    if (value % 2 != 0) return Unexpected{std::string{"odd"}};
    return value / 2;
}

TEST(Expected, holds_a_value) {
    const auto result = half(8);
    ASSERT_TRUE(result);
    EXPECT_EQ(*result, 4);
}

TEST(Expected, holds_an_error) {
    const auto result = half(7);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error(), "odd");
}

TEST(Expected, value_and_error_may_be_of_one_type) {
    const Expected<int, int> error{Unexpected{3}};
    EXPECT_FALSE(error);
    EXPECT_EQ(error.error(), 3);
}

TEST(ExpectedDeathTest, the_value_of_an_error_is_a_programmers_mistake) {
    const auto result = half(7);
    EXPECT_DEATH(static_cast<void>(*result), "has_value");
}

}  // namespace
}  // namespace rtjam
