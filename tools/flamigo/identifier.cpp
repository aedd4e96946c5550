#include "identifier.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "failure.hpp"

namespace flamigo::tool {

namespace {

constexpr auto keywords = std::to_array<std::string_view>(
  {"alignas",       "alignof",     "and",
   "and_eq",        "asm",         "auto",
   "bitand",        "bitor",       "bool",
   "break",         "case",        "catch",
   "char",          "char16_t",    "char32_t",
   "char8_t",       "class",       "co_await",
   "co_return",     "co_yield",    "compl",
   "concept",       "const",       "const_cast",
   "consteval",     "constexpr",   "constinit",
   "continue",      "decltype",    "default",
   "delete",        "do",          "double",
   "dynamic_cast",  "else",        "enum",
   "explicit",      "export",      "extern",
   "false",         "float",       "for",
   "friend",        "goto",        "if",
   "inline",        "int",         "long",
   "mutable",       "namespace",   "new",
   "noexcept",      "not",         "not_eq",
   "nullptr",       "operator",    "or",
   "or_eq",         "private",     "protected",
   "public",        "register",    "reinterpret_cast",
   "requires",      "return",      "short",
   "signed",        "sizeof",      "static",
   "static_assert", "static_cast", "struct",
   "switch",        "template",    "this",
   "thread_local",  "throw",       "true",
   "try",           "typedef",     "typeid",
   "typename",      "union",       "unsigned",
   "using",         "virtual",     "void",
   "volatile",      "wchar_t",     "while",
   "xor",           "xor_eq"});

bool is_word(std::string_view text) {
  auto ok = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0]))
         && std::all_of(text.begin(), text.end(), ok);
}

} // namespace

void refuse_name(std::string_view what, std::string_view text,
                 std::string_view why) {
  throw failure{"the name of " + std::string{what} + " cannot be \""
                + std::string{text} + "\": " + std::string{why}};
}

bool is_keyword(std::string_view text) noexcept {
  return std::binary_search(keywords.begin(), keywords.end(), text);
}

bool is_in_capitals(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return std::islower(c) != 0; });
}

void check_word(std::string_view what, std::string_view text) {
  // Two underscores in a row are the compiler's.
  if (!is_word(text) || text.find("__") != text.npos)
    refuse_name(what, text,
                "it begins with a letter and goes on with letters, digits and "
                "single underscores");
}

void check_identifier(std::string_view what, std::string_view text) {
  check_word(what, text);
  if (is_keyword(text))
    refuse_name(what, text, "C++ has that word for itself");
}

void check_no_macro(std::string_view what, std::string_view text) {
  check_identifier(what, text);
  if (is_in_capitals(text))
    refuse_name(what, text,
                "a name in capitals is a macro's, use small letters");
  auto all = macros();
  if (std::binary_search(all.begin(), all.end(), text))
    refuse_name(what, text, "there is a macro of that name");
}

} // namespace flamigo::tool
