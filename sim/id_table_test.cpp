#include "sim/id_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace rtjam::sim {
namespace {

TEST(IdTable, what_is_of_an_id_stays_with_it_whichever_come_after) {
    IdTable<int> table;
    for (const std::uint32_t id : {30U, 10U, 20U}) table[ClientId{id}] = static_cast<int>(id);
    table[ClientId{10}] += 1;
    EXPECT_EQ(table.size(), 3U);
    EXPECT_EQ(*table.find(ClientId{10}), 11);
    EXPECT_EQ(*table.find(ClientId{20}), 20);
    EXPECT_EQ(*table.find(ClientId{30}), 30);
    EXPECT_EQ(table.find(ClientId{15}), nullptr);
}

TEST(IdTable, finds_each_of_more_ids_than_it_can_guess_the_places_of) {
    IdTable<std::uint32_t> table;
    for (std::uint32_t id = 0; id < 1000; ++id) EXPECT_EQ(table.place(ClientId{id * id}), id);
    for (std::uint32_t id = 0; id < 1000; ++id) {
        EXPECT_EQ(table.place(ClientId{id * id}), id);
        table.at(id) = id;
    }
    EXPECT_EQ(table.size(), 1000U);
    EXPECT_EQ(*table.find(ClientId{500 * 500}), 500U);
    EXPECT_EQ(table.find(ClientId{500 * 500 + 1}), nullptr);
}

TEST(IdTable, is_visited_in_the_order_of_ids) {
    IdTable<int> table;
    for (const std::uint32_t id : {30U, 10U, 20U}) table[ClientId{id}] = static_cast<int>(id);
    std::vector<std::pair<std::uint32_t, int>> visited;
    table.for_each([&](ClientId id, int value) { visited.emplace_back(id.value(), value); });
    EXPECT_THAT(visited, testing::ElementsAre(std::pair{10U, 10}, std::pair{20U, 20}, std::pair{30U, 30}));
}

}  // namespace
}  // namespace rtjam::sim
