#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flamigo/access/door.hpp"
#include "flamigo/http/detail/http_route.hpp"
#include "flamigo/http/detail/http_task_handler.hpp"
#include "flamigo/http/detail/path_pattern.hpp"
#include "flamigo/http/http.hpp"
#include "flamigo/http/http_file_options.hpp"
#include "flamigo/http/http_route_options.hpp"

namespace flamigo {

namespace detail {

class file_directory;

} // namespace detail

class strategy_registry;

/// What the port serves over plain HTTP: paths of which whole segments may be
/// parameters, `/users/{id}`. Where several match, the one that names more of
/// the segments comes first; what only an order could decide is refused. Fill
/// it before serving; what comes later throws std::logic_error.
class http_routes {
public:
  /// Serves a fixed response for GET and HEAD.
  void get(std::string path, http_response fixed);

  /// Serves what the handler makes of each request. `GET` answers HEAD as well.
  /// Throws std::invalid_argument for a method that is no token (RFC
  /// 9110, 9.1), a path that does not begin with a slash or has a parameter
  /// that is no whole segment, for both if they are taken, and for a path that
  /// some other one matches in part: `/a/{x}/c` beside `/a/b/{y}`.
  void handle(std::string method, std::string path, http_handler handler);

  /// The same for requests that these options let through. Throws as above, and
  /// for a guard that is `internal`.
  void handle(std::string method, std::string path, http_route_options options,
              http_handler handler);

  /// The same with a handler that asks others, as a coroutine does: it takes
  /// `(flamigo::context)` or `(flamigo::context, flamigo::http_request)`, by
  /// value, and returns a `task<http_response>`, or a `task<http_stream>` where
  /// the response comes in pieces. It runs on an I/O thread,
  /// possibly on several at once, in an actor of that thread, which goes on
  /// with other requests while it waits. So it must not block, and what it has
  /// captured is used by several threads.
  ///
  /// It acts on behalf of the client (claims of the type `http`, with a user
  /// where the route has a guard), or of the program by `ctx.as_program()`.
  /// `ctx.payload()` is the body, `ctx.deadline()` is `request-timeout` from
  /// now. An error is answered with its status, and with what clients of a
  /// WebSocket read of it as JSON: 504 when the time is up. When the client
  /// goes, what it waits for ends with 499.
  template <detail::returns_task F>
  void handle(std::string method, std::string path, F handler) {
    handle(std::move(method), std::move(path), {}, std::move(handler));
  }

  /// The same for requests that these options let through.
  template <detail::returns_task F>
  void handle(std::string method, std::string path, http_route_options options,
              F handler) {
    using function = detail::http_task_function<F>;
    add(std::move(method), std::move(path),
        {{},
         std::make_shared<const function>(std::move(handler)),
         std::move(options)});
  }

  /// Serves a strategy, with the errors and the status that clients of a
  /// WebSocket read of it; its answer is the body, as JSON. Its payload is
  ///
  /// - what the body is, a JSON value, where the path has no parameters and the
  ///   request no query. Without a body it is `null`, or `{}` for an input that
  ///   is a struct;
  /// - else an object: the members of the body, if there is one, the parameters
  ///   of the path and those of the query. Each is what the member of that name
  ///   in the strategy's input is: a number or a truth value is written as in
  ///   JSON, all else is text. A list takes a name of the query as often as it
  ///   comes. What is no such number, a name that comes from two of the three,
  ///   or more than once for what is no list, is 400.
  ///
  /// Bodies are `application/json` unless the options say otherwise. Where
  /// authentication is switched on, only strategies that are open to guests are
  /// so here, too. When the program starts it throws std::logic_error for a
  /// strategy that is not there, is `internal` or answers in parts.
  ///
  ///   app.http().strategy("POST", "/orders/{id}", "app::orders:create");
  void strategy(std::string method, std::string path, std::string name,
                http_route_options options = {});

  /// Looks for the strategies that are to be served, and guards them as they
  /// guard themselves. Throws as `strategy` says.
  ///
  /// @private
  void bind(const strategy_registry& all, bool authenticates);

  /// Serves the files of a directory, and of those in it, under a path:
  /// `files("/", "public")`. What is mounted on a path of its own comes first;
  /// of several directories the one with the longer path has the request.
  ///
  /// GET and HEAD, with the type that the name says, `ETag` and
  /// `Last-Modified`, by which a client that has it gets 304, and parts
  /// (`Range`). Where a name with `.br` or `.gz` behind it stands beside the
  /// file, and is not older, those who take it get that. `index.html` answers
  /// for a directory. Files are read as they are now, on the I/O thread, which
  /// waits for the disk.
  ///
  /// Nothing outside of the directory is served, wherever links lead, and
  /// nothing whose name begins with a dot (but for `.well-known`). Throws
  /// std::invalid_argument if there is no such directory, or one is mounted
  /// under this path; what it is, a link for instance, is found out here.
  void files(std::string path, const std::filesystem::path& directory,
             http_file_options options = {});

  /// The directory that has this path, or null.
  ///
  /// @private
  const detail::file_directory* files_at(std::string_view path) const noexcept;

  /// Nothing is served that comes from now on. An application says so when it
  /// serves.
  void seal() noexcept {
    sealed_ = true;
  }

  /// Who may come in where, for `access_matrix` and `reachable`: a door for
  /// each path and method, with `bind`'s guards for strategies of this
  /// registry. Files have none.
  std::vector<door> doors(const strategy_registry& all,
                          bool authenticates) const;

  /// The methods of a path as an `Allow` header has them; empty when the path
  /// is unknown.
  std::string allowed(std::string_view path) const;

  /// What the handler that is mounted for a request answers, on this thread and
  /// without a server, for tests: `http.answer({.path = "/health"}).status`.
  /// Without a method it is GET; a query follows the path behind `?`. As from a
  /// server it is 404 or 405 where nothing is mounted, and 400 for a wrong
  /// encoding. What the handler throws gets out. Throws std::logic_error for
  /// what has a guard or waits for others, which takes a server that runs.
  http_response answer(http_request request) const;

  /// What is mounted for a request. The path has to outlive the values.
  ///
  /// @private
  detail::found_route find(std::string_view method,
                           std::string_view path) const;

private:
  using by_method = std::map<std::string, detail::http_route, std::less<>>;

  struct parametric {
    detail::path_pattern pattern;
    by_method methods;
  };

  void add(std::string method, std::string path, detail::http_route what);

  /// Calls `f(method, path, route)` with all there are.
  template <class Self, class F>
  static void for_each(Self& self, F f);

  by_method& methods_of(const detail::path_pattern& pattern);

  /// Calls `f(methods, values)` with each entry that the path is one of, those
  /// that name most of its segments first, until that returns true.
  template <class F>
  void for_each_match(std::string_view path, F f) const;

  std::map<std::string, by_method, std::less<>> by_path_;
  /// Those with fewer parameters first.
  std::vector<parametric> patterns_;
  /// Those with longer paths first.
  std::vector<std::shared_ptr<const detail::file_directory>> files_;
  bool sealed_ = false;
};

} // namespace flamigo
