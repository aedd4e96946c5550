#pragma once

#include <map>
#include <string>
#include <string_view>

#include <caf/config_option_set.hpp>
#include <caf/settings.hpp>

namespace flamigo::detail {

/// Whether a text can be part of a file name without being a path.
bool is_file_name(std::string_view text) noexcept;

/// Where each option of a configuration file stands, as an error begins: by
/// `--port`, for instance, `test.conf, line 3: `.
using option_places = std::map<std::string, std::string, std::less<>>;

/// Reads a configuration file: stores its values where the options say, and
/// puts them into `content`, where CAF looks them up. CAF's own reader drops
/// values of the wrong type without a word and keeps those that nobody asks
/// for; here both are errors, which name the line.
caf::error load_config_file(const std::string& path,
                            const caf::config_option_set& options,
                            caf::settings& content, option_places& places);

} // namespace flamigo::detail
