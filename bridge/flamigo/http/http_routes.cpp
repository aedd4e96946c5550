#include "flamigo/http/http_routes.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

#include "flamigo/http/detail/file_directory.hpp"
#include "flamigo/http/detail/http_syntax.hpp"
#include "flamigo/http/detail/plain_task.hpp"
#include "flamigo/http/detail/request_target.hpp"
#include "flamigo/http/detail/route_parameters.hpp"
#include "flamigo/http/detail/served_strategy.hpp"
#include "flamigo/limit/detail/call_limits.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo {

void http_routes::get(std::string path, http_response fixed) {
  handle("GET", std::move(path),
         [fixed = std::move(fixed)](const http_request&) { return fixed; });
}

void http_routes::handle(std::string method, std::string path,
                         http_handler handler) {
  handle(std::move(method), std::move(path), {}, std::move(handler));
}

void http_routes::handle(std::string method, std::string path,
                         http_route_options options, http_handler handler) {
  // Whoever guards may have to wait for the answer.
  if (options.guard.empty())
    add(std::move(method), std::move(path),
        {std::move(handler), nullptr, std::move(options)});
  else
    add(std::move(method), std::move(path),
        {{},
         std::make_shared<const detail::plain_task>(std::move(handler)),
         std::move(options)});
}

void http_routes::strategy(std::string method, std::string path,
                           std::string name, http_route_options options) {
  if (options.content_types.empty())
    options.content_types = {"application/json"};
  using function = detail::http_task_function<detail::served_strategy>;
  detail::http_route route{
    {},
    std::make_shared<const function>(detail::served_strategy{name}),
    std::move(options)};
  route.strategy = std::move(name);
  add(std::move(method), std::move(path), std::move(route));
}

void http_routes::bind(const strategy_registry& all, bool authenticates) {
  for_each(*this, [&](auto& method, auto& path, detail::http_route& route) {
    if (route.strategy.empty())
      return;
    auto what = all.find(route.strategy);
    std::string flaw = what == nullptr       ? "is not there"
                       : what->is_internal() ? "is internal()"
                       : what->streams() ? "answers in parts; mount a handler "
                                           "that returns an http_stream"
                                         : detail::missing_member(route, *what);
    if (!flaw.empty())
      throw std::logic_error{"\"" + method + " " + path
                             + "\" cannot be served: the strategy \""
                             + route.strategy + "\" " + flaw};
    route.number = what->number();
    route.limits.clear();
    for (auto* limited : {route.own_limits.get(), what->limits()})
      if (limited != nullptr)
        route.limits.push_back(limited);
    auto& wanted = route.options.guard;
    if (authenticates && !what->is_open())
      route.guard = wanted.empty() ? is_authenticated()
                                   : all_of(is_authenticated(), wanted);
    else
      route.guard = wanted.empty() ? open_to_guests() : wanted;
  });
}

std::vector<door> http_routes::doors(const strategy_registry& all,
                                     bool authenticates) const {
  std::vector<door> result;
  for_each(*this, [&](auto& method, auto& path, auto& route) {
    auto& guard = route.guard;
    auto what = all.find(route.strategy);
    result.push_back(
      {.kind = "http",
       .name = method + " " + path,
       .guard = guard,
       .needs_user = authenticates && !guard.empty() && !guard.is_open(),
       .strategy = route.strategy,
       .behind = what != nullptr ? what->guard() : validator{}});
  });
  return result;
}

template <class Self, class F>
void http_routes::for_each(Self& self, F f) {
  for (auto& [path, methods] : self.by_path_)
    for (auto& [method, route] : methods)
      f(method, path, route);
  for (auto& x : self.patterns_)
    for (auto& [method, route] : x.methods)
      f(method, x.pattern.text(), route);
}

void http_routes::add(std::string method, std::string path,
                      detail::http_route what) {
  // Clients read it in the header `Allow`.
  if (!detail::is_http_token(method))
    throw std::invalid_argument{"the HTTP method \"" + method
                                + "\" must be one word, such as GET"};
  detail::path_pattern pattern{std::move(path)};
  auto name = method + " " + pattern.text();
  if (sealed_)
    throw std::logic_error{"\"" + name
                           + "\": the program serves already, mount it before "
                             "start() or run()"};
  if (what.options.guard.is_internal())
    throw std::invalid_argument{"\"" + name
                                + "\" is guarded by internal(), so that nobody "
                                  "could call it"};
  constexpr std::size_t gib = 1u << 30;
  if (what.options.max_body_bytes > gib)
    throw std::invalid_argument{"\"" + name
                                + "\" takes bodies of more than 1 GiB"};
  what.names = pattern.names();
  what.path = pattern.text();
  what.guard = what.options.guard;
  if (auto limits = what.guard.limits(); !limits.empty()) {
    what.own_limits = std::make_shared<detail::call_limits>(limits);
    what.limits = {what.own_limits.get()};
  }
  if (!methods_of(pattern).emplace(std::move(method), std::move(what)).second)
    throw std::invalid_argument{"\"" + name + "\" is mounted already"};
}

http_routes::by_method&
http_routes::methods_of(const detail::path_pattern& pattern) {
  auto count = pattern.names().size();
  if (count == 0)
    return by_path_[pattern.text()];
  auto place = patterns_.begin();
  for (auto i = patterns_.begin(); i != patterns_.end(); ++i) {
    if (i->pattern.shape() == pattern.shape())
      return i->methods;
    if (i->pattern.is_ambiguous_with(pattern))
      throw std::invalid_argument{"the HTTP paths \"" + pattern.text()
                                  + "\" and \"" + i->pattern.text()
                                  + "\" have paths in common, and neither is a "
                                    "part of the other"};
    if (i->pattern.names().size() <= count)
      place = i + 1;
  }
  return patterns_.insert(place, {pattern, {}})->methods;
}

template <class F>
void http_routes::for_each_match(std::string_view path, F f) const {
  std::vector<std::string_view> values;
  if (auto i = by_path_.find(path); i != by_path_.end())
    if (f(i->second, values))
      return;
  for (auto& x : patterns_)
    if (x.pattern.matches(path, values) && f(x.methods, values))
      return;
}

detail::found_route http_routes::find(std::string_view method,
                                      std::string_view path) const {
  detail::found_route result;
  if (method == "HEAD")
    method = "GET";
  for_each_match(path, [&](const by_method& methods, auto& values) {
    auto i = methods.find(method);
    if (i == methods.end())
      return false;
    result = {&i->second, std::move(values)};
    return true;
  });
  return result;
}

std::string http_routes::allowed(std::string_view path) const {
  std::set<std::string_view> all;
  for_each_match(path, [&](const by_method& methods, auto&) {
    for (auto& entry : methods)
      all.insert(entry.first);
    return false;
  });
  std::string result;
  for (auto method : all) {
    if (!result.empty())
      result += ", ";
    result += method;
    if (method == "GET")
      result += ", HEAD";
  }
  return result;
}

http_response http_routes::answer(http_request request) const {
  auto target = std::exchange(request.path, {});
  auto parts = detail::parse_target(target);
  request.path = std::string{parts.path};
  request.query = std::string{parts.query};
  if (request.method.empty())
    request.method = "GET";
  auto where = find(request.method, parts.path);
  if (where.what == nullptr)
    return {.status = allowed(parts.path).empty() ? 404u : 405u};
  if (where.what->task)
    throw std::logic_error{"\"" + request.method + " " + where.what->path
                           + "\" has a guard or waits for others: only a "
                             "server that runs can answer it"};
  if (detail::decode_parameters(request, where))
    return {.status = 400};
  return where.what->plain(request);
}

// -- files --------------------------------------------------------------------

void http_routes::files(std::string path,
                        const std::filesystem::path& directory,
                        http_file_options options) {
  if (!path.starts_with('/'))
    throw std::invalid_argument{"the HTTP path \"" + path
                                + "\" must begin with a slash"};
  if (sealed_)
    throw std::logic_error{"files \"" + path
                           + "\": the program serves already, mount it before "
                             "start() or run()"};
  auto made = std::make_shared<const detail::file_directory>(
    path, directory, std::move(options));
  auto place = files_.begin();
  for (auto i = files_.begin(); i != files_.end(); ++i) {
    if ((*i)->prefix() == made->prefix())
      throw std::invalid_argument{"files \"" + path + "\" are mounted already"};
    if ((*i)->prefix().size() > made->prefix().size())
      place = i + 1;
  }
  files_.insert(place, std::move(made));
}

const detail::file_directory*
http_routes::files_at(std::string_view path) const noexcept {
  for (auto& each : files_)
    if (each->covers(path))
      return each.get();
  return nullptr;
}

} // namespace flamigo
