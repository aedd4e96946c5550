#pragma once

#include <string>

namespace flamigo {

/// How the files of a directory are served.
struct http_file_options {
  /// A file of the directory, such as `index.html`, that browsers get in the
  /// place of a page that is not there: an application whose pages are made in
  /// the browser shows the right one by itself. Only for those who take
  /// `text/html`, and for names without a dot. Empty answers 404.
  std::string fallback = {};

  /// The header `Cache-Control`. By default who has a file asks each time
  /// whether it is still the same, and is answered 304 then.
  std::string cache_control = "no-cache";
};

} // namespace flamigo
