// Tables for people.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace rtjam::sim {

using TableRow = std::vector<std::string>;

// With so many decimals; what is not a number is "-".
std::string number_text(double value, int decimals);

// The first column is aligned to the left, the others, which are numbers, to the right.
void print_rows(const std::vector<TableRow>& rows, std::ostream& out);

}  // namespace rtjam::sim
