#include "flamigo/config/detail/command_line.hpp"

#include <algorithm>
#include <optional>

#include "flamigo/config/detail/number_text.hpp"
#include "flamigo/config/detail/option_text.hpp"

namespace flamigo::detail {

namespace {

/// An argument that looks like an option, taken apart.
struct token {
  std::string name;
  const caf::config_option* option;
  std::optional<std::string> value;
};

token read_token(const caf::config_option_set& options,
                 const std::string& arg) {
  if (arg.compare(0, 2, "--") != 0) {
    // A short option and its value may be one word: -p9000.
    token result{arg.substr(0, 2), options.cli_short_name_lookup(arg[1]), {}};
    if (arg.size() > 2)
      result.value = arg.substr(arg[2] == '=' ? 3 : 2);
    return result;
  }
  auto assign = arg.find('=');
  auto name = arg.substr(0, assign);
  token result{name, options.cli_long_name_lookup(name.substr(2)), {}};
  if (assign != std::string::npos)
    result.value = arg.substr(assign + 1);
  return result;
}

bool is_option(const std::string& arg) {
  return arg.size() > 1 && arg[0] == '-';
}

bool is_list(const caf::config_option& option) {
  return to_std(option.type_name()).starts_with("list of ");
}

bool has(const std::vector<assignment>& those,
         const caf::config_option* option) {
  return std::any_of(those.begin(), those.end(),
                     [=](auto& x) { return x.option == option; });
}

/// Whether a value of it may be or have a number.
bool has_numbers(const caf::config_option& option) {
  auto type = to_std(option.type_name());
  return type.find("string") == type.npos && type.find("atom") == type.npos
         && type != "log level" && type != "log format";
}

} // namespace

help help_wanted(const std::vector<std::string>& args) {
  auto result = help::none;
  for (auto& arg : args) {
    if (arg == "--long-help")
      return help::all;
    if (arg == "--help" || arg == "-h" || arg == "-?")
      result = help::own;
  }
  return result;
}

caf::error check_names(const caf::config_option_set& options) {
  for (auto& x : options) {
    auto name = x.has_flat_cli_name() ? x.long_name() : x.full_name();
    if (options.cli_long_name_lookup(name) != &x)
      return config_error("this program has two options named --" + to_std(name)
                          + ": rename one of them");
  }
  return {};
}

caf::expected<std::vector<assignment>>
parse_command_line(const caf::config_option_set& options,
                   const std::vector<std::string>& args) {
  std::vector<assignment> result;
  for (auto i = args.begin(); i != args.end(); ++i) {
    if (!is_option(*i))
      return config_error("the argument \"" + *i
                          + "\" belongs to no option: see --help");
    auto [name, option, value] = read_token(options, *i);
    if (option == nullptr)
      return config_error("there is no option " + name + ": see --help");
    if (!value && option->is_flag())
      value = "true";
    // What begins with two dashes is the next option, not a value: the value
    // has been forgotten.
    if (!value && i + 1 != args.end() && i[1].compare(0, 2, "--") != 0)
      value = *++i;
    if (!value)
      return config_error(name + " has no value: it takes "
                          + allowed_values(*option));
    // Of one value the later wins; of several the first would be lost.
    if (is_list(*option) && has(result, option))
      return config_error(name
                          + " stands twice: name all of its values in one, "
                            "separated by commas");
    result.push_back({option, std::move(name), std::move(*value)});
  }
  return result;
}

caf::error assign(const assignment& x, caf::settings& content) {
  if (has_numbers(*x.option))
    if (auto part = find_misread(x.value); !part.empty())
      return bad_value(x.name, x.value, std::string{misread(part)});
  auto value = x.option->parse(x.value);
  if (!value)
    return bad_value(x.name, x.value, allowed_values(*x.option));
  x.option->store(*value);
  caf::put(content, x.option->full_name(), std::move(*value));
  return {};
}

} // namespace flamigo::detail
