#include "flamigo/config/detail/file_content.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include <caf/detail/parser/read_ini.hpp>
#include <caf/parser_state.hpp>
#include <caf/pec.hpp>
#include <caf/uri.hpp>

#include "flamigo/config/detail/number_text.hpp"
#include "flamigo/config/detail/option_text.hpp"

namespace flamigo::detail {

namespace {

using list = caf::config_value::list;
using dictionary = caf::config_value::dictionary;

std::size_t count_lines(std::string_view text) {
  auto n = std::count(text.begin(), text.end(), '\n');
  return static_cast<std::size_t>(n) + 1;
}

/// What all sections of a file share while it is read.
struct reading {
  caf::string_parser_state& at;
  file_content& out;
  /// The first name that stands twice.
  std::string twice = {};
  std::size_t twice_line = 0;
  /// Take what comes of it, each on its own: one may be read within another.
  std::deque<caf::config_value> lost = {};
};

/// Is told by CAF's parser what is in a section or a list.
class nested_values {
public:
  nested_values(reading& file, dictionary& section, std::string path)
    : file_(file), section_(&section), path_(std::move(path)) {
    // nop
  }

  nested_values(reading& file, list& elements, std::string path)
    : file_(file), elements_(&elements), path_(std::move(path)) {
    // nop
  }

  // By value: the parser goes on with a name that has been taken.
  void key(std::string name) {
    name_ = std::move(name);
    line_ = static_cast<std::size_t>(file_.at.line);
  }

  template <class T>
  void value(T&& x) {
    next(false) = caf::config_value{std::forward<T>(x)};
  }

  nested_values begin_map() {
    // What CAF calls what stands at the top.
    if (path_.empty() && name_ == "global")
      return {file_, *section_, path_};
    auto& value = next(true);
    if (!caf::holds_alternative<dictionary>(value))
      value = caf::config_value{dictionary{}};
    return {file_, caf::get<dictionary>(value), inner_path()};
  }

  void end_map() {
    // nop
  }

  nested_values begin_list() {
    auto& value = next(false);
    value = caf::config_value{list{}};
    return {file_, caf::get<list>(value), inner_path()};
  }

  void end_list() {
    // nop
  }

private:
  std::string inner_path() const {
    return path_of(
      path_, elements_ == nullptr ? name_ : std::to_string(elements_->size()));
  }

  /// Where the next value belongs.
  caf::config_value& next(bool is_section) {
    if (elements_ != nullptr)
      return elements_->emplace_back();
    auto& value = (*section_)[name_];
    auto is_new = file_.out.lines.emplace(path_of(path_, name_), line_).second;
    if (is_new || (is_section && caf::holds_alternative<dictionary>(value)))
      return value;
    if (file_.twice.empty()) {
      file_.twice = path_of(path_, name_);
      file_.twice_line = line_;
    }
    return file_.lost.emplace_back();
  }

  reading& file_;
  dictionary* section_ = nullptr;
  list* elements_ = nullptr;
  std::string path_;
  std::string name_;
  std::size_t line_ = 0;
};

std::string place(const std::string& name, std::size_t line) {
  return name + ", line " + std::to_string(line) + ": ";
}

const char* sentence(caf::pec code) {
  switch (code) {
    case caf::pec::fractional_timespan:
      return "a time is a whole number with a unit, such as 1500ms";
    case caf::pec::integer_overflow:
    case caf::pec::integer_underflow:
      return "a number is from -9223372036854775808 to 9223372036854775807";
    case caf::pec::exponent_overflow:
    case caf::pec::exponent_underflow:
      return "a number is of a size that a double holds";
    case caf::pec::too_many_characters:
      return "a name in single quotes has at most 10 characters";
    case caf::pec::illegal_escape_sequence:
      return "behind a backslash stands one of n, r, t, \\ and \"";
    default:
      return "expected a section, such as `server { port = 9000 }`, or `key = "
             "value`, where a text stands in double quotes";
  }
}

caf::error syntax_error(const std::string& name, std::string_view text,
                        const caf::string_parser_state& at) {
  if (at.at_end())
    return config_error(place(name, count_lines(text))
                        + "the file ends within a section or a value");
  auto line = static_cast<std::size_t>(at.line);
  // It has counted the newline that it did not want.
  if (at.code == caf::pec::unexpected_newline && line > 1)
    --line;
  return config_error(place(name, line)
                      + (at.current() == '#'
                           ? "a comment begins with a ; and not with a #"
                           : sentence(at.code)));
}

// `value` is a part of `text`.
caf::error number_error(const std::string& name, std::string_view text,
                        std::string_view value) {
  auto before = static_cast<std::size_t>(value.data() - text.data());
  return bad_value(place(name, count_lines(text.substr(0, before))) + "a value",
                   std::string{value}, std::string{misread(value)});
}

} // namespace

std::string path_of(const std::string& section, const std::string& name) {
  return section.empty() ? name : section + "." + name;
}

caf::error read_file_content(const std::string& name, std::string_view text,
                             file_content& out) {
  if (auto value = find_misread(text); !value.empty())
    return number_error(name, text, value);
  caf::string_parser_state at{text.data(), text.data() + text.size()};
  reading file{at, out};
  caf::detail::parser::read_ini(at, nested_values{file, out.values, {}});
  // What comes first is said first.
  if (!file.twice.empty())
    return config_error(place(name, file.twice_line) + file.twice
                        + " stands in line "
                        + std::to_string(out.lines.find(file.twice)->second)
                        + " already: leave one of them out");
  if (at.code != caf::pec::success || !at.at_end())
    return syntax_error(name, text, at);
  return {};
}

} // namespace flamigo::detail
