#pragma once

#include <string>
#include <vector>

namespace flamigo::detail {

/// Rows of cells in columns, as many as the first row has, with two blanks
/// between them: a line for each row.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

} // namespace flamigo::detail
