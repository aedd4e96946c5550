#include "flamigo/config/detail/config_file.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "flamigo/config/detail/file_content.hpp"
#include "flamigo/config/detail/option_text.hpp"

namespace flamigo::detail {

namespace {

using dictionary = caf::config_value::dictionary;

caf::error read_error(const std::string& path, int code) {
  return config_error("cannot read the configuration file " + path + ": "
                      + std::generic_category().message(code));
}

/// As editors of Windows write it: with a mark in front, and two characters
/// between lines, which CAF's parser does not know.
std::string without_windows(std::string text) {
  if (text.starts_with("\xef\xbb\xbf"))
    text.erase(0, 3);
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!std::string_view{text}.substr(i).starts_with("\r\n"))
      text[size++] = text[i];
  text.resize(size);
  return text;
}

class file_loader {
public:
  file_loader(const std::string& path, const caf::config_option_set& options,
              caf::settings& content, option_places& places)
    : path_(path), options_(options), content_(content), places_(places) {
    // nop
  }

  caf::error load() {
    std::error_code ignored;
    if (std::filesystem::is_directory(path_, ignored))
      return read_error(path_, EISDIR);
    std::ifstream file{path_};
    if (!file)
      return read_error(path_, errno);
    std::stringstream text;
    text << file.rdbuf();
    if (auto err = read_file_content(path_, without_windows(text.str()),
                                     found_))
      return err;
    return apply(found_.values, "");
  }

private:
  caf::error apply(dictionary& values, const std::string& section) {
    auto category = section.empty() ? "global" : section;
    for (auto& [key, value] : values) {
      auto name = path_of(section, key);
      auto option = options_.qualified_name_lookup(category, key);
      auto inner = caf::get_if<dictionary>(&value);
      auto err = option == nullptr && inner != nullptr
                   ? apply(*inner, name)
                   : apply(option, name, value);
      if (err)
        return err;
    }
    return {};
  }

  caf::error apply(const caf::config_option* option, const std::string& name,
                   caf::config_value& value) {
    auto place = path_ + ", line "
                 + std::to_string(found_.lines.find(name)->second) + ": ";
    if (option == nullptr || for_command_line_only(name))
      return config_error(place + "there is no option " + name
                          + " for the configuration file: "
                          + advice(name.substr(name.rfind('.') + 1)));
    if (option->check(value))
      return bad_value(place + name, render(value), allowed_values(*option));
    option->store(value);
    caf::put(content_, option->full_name(), std::move(value));
    places_[option_name(*option)] = std::move(place);
    return {};
  }

  static bool for_command_line_only(std::string_view name) {
    return name == "help" || name == "long-help" || name == "config-file"
           || name == "contract" || name.starts_with("list-");
  }

  // What an option is called on the command line does without its section.
  std::string advice(const std::string& key) const {
    auto meant = options_.cli_long_name_lookup(key);
    if (meant == nullptr || for_command_line_only(key))
      return "see --help";
    std::string section{meant->category().begin(), meant->category().end()};
    if (section == "global")
      return "write " + key + " at the top, outside of all sections";
    return "write it in its section, as in `" + section + " { " + key
           + " = ... }`";
  }

  const std::string& path_;
  const caf::config_option_set& options_;
  caf::settings& content_;
  option_places& places_;
  file_content found_;
};

} // namespace

bool is_file_name(std::string_view text) noexcept {
  auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), plain);
}

caf::error load_config_file(const std::string& path,
                            const caf::config_option_set& options,
                            caf::settings& content, option_places& places) {
  return file_loader{path, options, content, places}.load();
}

} // namespace flamigo::detail
