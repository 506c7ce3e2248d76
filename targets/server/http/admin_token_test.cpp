#include "targets/server/http/admin_token.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace rtjam {
namespace {

class AdminTokenTest : public testing::Test {
protected:
    ~AdminTokenTest() override { std::remove(path_.c_str()); }
    std::string read(const std::string& content) {
        std::ofstream{path_} << content;
        return read_admin_token(path_);
    }
    std::string path_ = testing::TempDir() + "rtjam_admin_token_test." + std::to_string(getpid());
};

TEST_F(AdminTokenTest, white_space_around_it_does_not_count) {
    EXPECT_EQ(read("0123456789abcdef"), "0123456789abcdef");
    EXPECT_EQ(read(" 0123456789abcdef\r\n"), "0123456789abcdef");
    EXPECT_EQ(read(std::string(admin_token_chars_max, 'x') + "\n").size(), admin_token_chars_max);
}

TEST_F(AdminTokenTest, what_is_no_token_is_an_error) {
    EXPECT_THROW(read_admin_token("/nowhere"), std::runtime_error);
    EXPECT_THROW(read_admin_token("/"), std::runtime_error);
    EXPECT_THROW(read(""), std::runtime_error);
    EXPECT_THROW(read("\n\n"), std::runtime_error);
    EXPECT_THROW(read("0123456789abcde\n"), std::runtime_error);
    EXPECT_THROW(read("0123456789 abcdef"), std::runtime_error);
    EXPECT_THROW(read("0123456789abcdef\x80"), std::runtime_error);
    EXPECT_THROW(read(std::string(admin_token_chars_max + 1, 'x')), std::runtime_error);
}

}  // namespace
}  // namespace rtjam
