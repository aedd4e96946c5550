#include "flamigo/config/detail/help_text.hpp"

#include <algorithm>
#include <vector>

#include "flamigo/config/detail/option_text.hpp"

namespace flamigo::detail {

namespace {

constexpr std::size_t text_column = 32;

constexpr std::size_t width = 80;

std::string usage_of(const caf::config_option& option) {
  std::string result = "  ";
  for (auto c : option.short_names())
    result.append({'-', c, ',', ' '});
  result += "--";
  if (!option.has_flat_cli_name())
    result += to_std(option.category()) + ".";
  result += to_std(option.long_name());
  if (!option.is_flag())
    result += "=" + placeholder(option);
  return result;
}

std::string default_of(const help_source& source,
                       const caf::config_option& option) {
  auto value = option.get();
  if (!value)
    if (auto ptr = caf::get_if(&source.content, option.full_name()))
      value = *ptr;
  if (!value)
    return {};
  auto text = render(*value);
  return " (default: " + (text.empty() ? "none" : text) + ")";
}

// Appends the words of a text behind the column where it has to begin.
void append_wrapped(std::string& out, std::size_t column,
                    const std::string& text) {
  auto indent = [&] {
    out += '\n';
    out.append(text_column, ' ');
    column = text_column;
  };
  if (column + 2 > text_column) {
    indent();
  } else {
    out.append(text_column - column, ' ');
    column = text_column;
  }
  for (std::size_t i = 0; i < text.size();) {
    auto end = std::min(text.find(' ', i), text.size());
    if (column > text_column && column + 1 + end - i > width)
      indent();
    if (column > text_column) {
      out += ' ';
      ++column;
    }
    out.append(text, i, end - i);
    column += end - i;
    i = end + 1;
  }
  out += '\n';
}

bool is_listed(const help_source& source, std::size_t index,
               const caf::config_option& option) {
  return source.all || index >= source.native
         || option.full_name() == "scheduler.max-threads";
}

void append_section(std::string& out, const help_source& source,
                    const std::string& category) {
  out += category == "global"
           ? "\nGeneral options:\n"
           : "\nOptions of the section \"" + category + "\":\n";
  std::size_t index = 0;
  for (auto& option : source.options) {
    if (is_listed(source, index++, option) && option.category() == category) {
      auto usage = usage_of(option);
      out += usage;
      append_wrapped(out, usage.size(),
                     to_std(option.description()) + default_of(source, option));
    }
  }
}

// Ours and the application's in the order in which they were added, then CAF's.
std::vector<std::string> categories_of(const help_source& source) {
  std::vector<std::string> result;
  std::size_t index = 0;
  auto add = [&](const caf::config_option& option) {
    auto name = to_std(option.category());
    if (std::find(result.begin(), result.end(), name) == result.end())
      result.push_back(std::move(name));
  };
  for (auto& option : source.options)
    if (index++ >= source.native)
      add(option);
  index = 0;
  for (auto& option : source.options)
    if (is_listed(source, index++, option))
      add(option);
  return result;
}

} // namespace

std::string help_text(const help_source& source) {
  auto result = "Usage: " + source.program
                + " [--option=value ...]\n\n"
                  "In the configuration file an option stands in its section, "
                  "as in\n`server { port = 9000 }`; general options stand at "
                  "the top, before any section.\nTexts stand in double quotes "
                  "there, lists in square brackets.\n";
  for (auto& category : categories_of(source))
    append_section(result, source, category);
  return result;
}

} // namespace flamigo::detail
