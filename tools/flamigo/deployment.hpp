#pragma once

#include <string>
#include <string_view>

namespace flamigo::tool {

/// Where a program is served, as clients reach it.
struct deployment {
  /// Whether by TLS.
  bool secure = false;
  std::string host{};
  std::string port{};
  /// Of the WebSocket.
  std::string path{};

  /// Reads a URL with the scheme `http`, `https`, `ws` or `wss`; without a path
  /// it is `/ws`. Throws `failure` for anything else.
  static deployment parse(std::string_view url);

  /// Host and port, as a request names them.
  std::string authority() const;

  /// The origin of the pages that come from there.
  std::string origin() const;

  /// A path beside that of the WebSocket, such as `/readyz`.
  std::string beside(std::string_view name) const;
};

} // namespace flamigo::tool
