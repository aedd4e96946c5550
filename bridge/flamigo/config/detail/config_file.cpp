#include "flamigo/config/detail/config_file.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include <caf/actor_system_config.hpp>
#include <caf/message.hpp>
#include <caf/pec.hpp>

#include "flamigo/config/detail/number_text.hpp"
#include "flamigo/config/detail/option_text.hpp"

namespace flamigo::detail {

namespace {

// A file that ends within a section is none to CAF's parser: it drops what it
// has read so far. Behind this line it notices.
constexpr auto end_mark = "flamigo-end-of-file";

caf::error read_error(const std::string& path, int code) {
  return config_error("cannot read the configuration file " + path + ": "
                      + std::generic_category().message(code));
}

class file_loader {
public:
  file_loader(const std::string& path, const caf::config_option_set& options,
              caf::settings& content)
    : path_(path), options_(options), content_(content) {
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
    text.clear();
    auto content = text.str();
    lines_ = count_lines(content);
    if (auto value = find_misread(content); !value.empty())
      return number_error(content, value);
    text.seekp(0, std::ios::end);
    text << "\n[" << end_mark << "]\nreached = true\n";
    return parse(text);
  }

private:
  static std::size_t count_lines(std::string_view text) {
    auto n = std::count(text.begin(), text.end(), '\n');
    return static_cast<std::size_t>(n) + 1;
  }

  // `value` is a part of `text`.
  caf::error number_error(std::string_view text, std::string_view value) const {
    auto before = static_cast<std::size_t>(value.data() - text.data());
    return bad_value(path_ + ", line "
                       + std::to_string(count_lines(text.substr(0, before)))
                       + ": a value",
                     std::string{value}, std::string{misread(value)});
  }

  caf::error parse(std::istream& text) {
    // Without options, so that the parser hides nothing from us.
    caf::settings found;
    if (auto err = caf::actor_system_config::parse_config(text, {}, found))
      return syntax_error(err);
    if (found.container().erase(end_mark) == 0)
      return syntax_error({});
    return apply(found, "global");
  }

  // Where the parser stopped; behind the last line if it did not say.
  std::size_t line_of(const caf::error& err) const {
    if (!err || !err.context().match_elements<caf::settings>())
      return lines_ + 1;
    auto& where = err.context().get_as<caf::settings>(0);
    auto line = caf::get_or(where, "line", std::size_t{1});
    // It has counted the newline that it did not want.
    auto unexpected_newline
      = static_cast<std::uint8_t>(caf::pec::unexpected_newline);
    return err.code() == unexpected_newline && line > 1 ? line - 1 : line;
  }

  caf::error syntax_error(const caf::error& err) const {
    auto line = line_of(err);
    if (line > lines_)
      return config_error(path_ + " ends within a section or a value");
    return config_error(
      path_ + ", line " + std::to_string(line)
      + ": expected a section, such as `server { port = 9000 }`, or `key = "
        "value`, where a text stands in double quotes");
  }

  caf::error apply(caf::settings& found, const std::string& category) {
    for (auto& [key, value] : found) {
      auto option = options_.qualified_name_lookup(category, key);
      auto section = caf::get_if<caf::settings>(&value);
      auto err = option == nullptr && section != nullptr
                   ? apply(*section, join(category, key))
                   : apply(option, join(category, key), value);
      if (err)
        return err;
    }
    return {};
  }

  caf::error apply(const caf::config_option* option, const std::string& name,
                   caf::config_value& value) {
    // These are for the command line only.
    if (option == nullptr || name == "help" || name == "long-help"
        || name == "config-file" || name == "list-strategies")
      return config_error(path_ + ": there is no option " + name
                          + " for the configuration file: see --help");
    if (option->check(value))
      return bad_value(path_ + ": " + name, render(value),
                       allowed_values(*option));
    option->store(value);
    caf::put(content_, option->full_name(), std::move(value));
    return {};
  }

  static std::string join(const std::string& category, const std::string& key) {
    return category == "global" ? key : category + "." + key;
  }

  const std::string& path_;
  const caf::config_option_set& options_;
  caf::settings& content_;
  std::size_t lines_ = 0;
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
                            caf::settings& content) {
  return file_loader{path, options, content}.load();
}

} // namespace flamigo::detail
