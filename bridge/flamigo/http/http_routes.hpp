#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/http/detail/http_task_handler.hpp"
#include "flamigo/http/http.hpp"

namespace flamigo {

/// What the port serves over plain HTTP: exact paths. Fill it before serving;
/// what comes later throws std::logic_error.
class http_routes {
public:
  /// Serves a fixed response for GET and HEAD.
  void get(std::string path, http_response fixed);

  /// Serves what the handler makes of each request. `GET` answers HEAD as well.
  /// Throws std::invalid_argument for a method that is no token (RFC
  /// 9110, 9.1), a path that does not begin with a slash, or both if they are
  /// taken.
  void handle(std::string method, std::string path, http_handler handler);

  /// The same with a handler that asks others, as a coroutine does: it takes
  /// `(flamigo::context)` or `(flamigo::context, flamigo::http_request)`, by
  /// value, and returns a `task<http_response>`, or a `task<http_stream>` where
  /// the response comes in pieces. It runs on an I/O thread,
  /// possibly on several at once, in an actor of that thread, which goes on
  /// with other requests while it waits. So it must not block, and what it has
  /// captured is used by several threads.
  ///
  /// It acts on behalf of a client of whom nothing is proved (claims of the
  /// type `http`), or of the program by `ctx.as_program()`. `ctx.payload()` is
  /// the body, `ctx.deadline()` is `request-timeout` from now. An error is
  /// answered with its status, and with what clients of a WebSocket read of it
  /// as JSON: 504 when the time is up. When the client goes, what it waits for
  /// ends with 499.
  template <detail::returns_task F>
  void handle(std::string method, std::string path, F handler) {
    using function = detail::http_task_function<F>;
    add(std::move(method), std::move(path),
        {{}, std::make_shared<const function>(std::move(handler))});
  }

  /// Nothing is served that comes from now on. An application says so when it
  /// serves.
  void seal() noexcept {
    sealed_ = true;
  }

  /// The handler for a method of a path, or null; null for a coroutine as well.
  const http_handler* find(std::string_view method,
                           std::string_view path) const noexcept;

  /// The methods of a path as an `Allow` header has them; empty when the path
  /// is unknown.
  std::string allowed(std::string_view path) const;

  /// One of both.
  ///
  /// @private
  struct route {
    http_handler plain;
    std::shared_ptr<const detail::http_task_handler> task;
  };

  /// What is mounted there, or null.
  ///
  /// @private
  const route* find_route(std::string_view method,
                          std::string_view path) const noexcept;

private:
  using by_method = std::map<std::string, route, std::less<>>;

  void add(std::string method, std::string path, route what);

  std::map<std::string, by_method, std::less<>> by_path_;
  bool sealed_ = false;
};

} // namespace flamigo
