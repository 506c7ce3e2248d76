#include "core/base/static_vector.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

TEST(StaticVector, takes_no_more_than_its_capacity) {
    StaticVector<int, 2> vector;
    EXPECT_TRUE(vector.empty());
    EXPECT_TRUE(vector.push_back(1));
    EXPECT_TRUE(vector.push_back(2));
    EXPECT_TRUE(vector.full());
    EXPECT_FALSE(vector.push_back(3));
    EXPECT_EQ(vector.size(), 2U);
    EXPECT_EQ(vector[1], 2);
}

TEST(StaticVector, fills_a_removed_elements_place_with_the_last) {
    StaticVector<int, 3> vector;
    for (const int value : {1, 2, 3}) vector.push_back(value);
    vector.remove_unordered(0);
    EXPECT_EQ(vector.size(), 2U);
    EXPECT_EQ(vector[0], 3);
    vector.remove_unordered(1);
    EXPECT_EQ(vector.size(), 1U);
}

TEST(StaticVectorDeathTest, an_index_beyond_the_end_is_a_programmers_mistake) {
    StaticVector<int, 3> vector;
    EXPECT_DEATH(static_cast<void>(vector[0]), "index");
}

}  // namespace
}  // namespace rtjam
