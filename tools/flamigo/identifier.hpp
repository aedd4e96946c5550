#pragma once

#include <span>
#include <string_view>

namespace flamigo::tool {

// All that check throw `failure`; `what` says whose name the text was to be.

/// For what becomes a part of an identifier: letters, digits and '_'.
void check_word(std::string_view what, std::string_view text);

/// For what becomes one: C++ has some words for itself.
void check_identifier(std::string_view what, std::string_view text);

/// For one in a file that includes Flamigo: it must be no macro there either.
void check_no_macro(std::string_view what, std::string_view text);

/// Whether it is one of C++'s own words.
bool is_keyword(std::string_view text) noexcept;

/// Whether it is written as macros are.
bool is_in_capitals(std::string_view text) noexcept;

/// The macros around a program, as the build has found them, sorted; without
/// those in capitals.
std::span<const std::string_view> macros() noexcept;

/// Says that a name cannot be, and why.
[[noreturn]] void refuse_name(std::string_view what, std::string_view text,
                              std::string_view why);

} // namespace flamigo::tool
