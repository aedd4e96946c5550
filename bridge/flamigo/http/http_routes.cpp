#include "flamigo/http/http_routes.hpp"

#include <memory>
#include <stdexcept>

#include "flamigo/http/detail/http_syntax.hpp"

namespace flamigo {

void http_routes::get(std::string path, http_response fixed) {
  handle("GET", std::move(path),
         [fixed = std::move(fixed)](const http_request&) { return fixed; });
}

void http_routes::handle(std::string method, std::string path,
                         http_handler handler) {
  add(std::move(method), std::move(path), {std::move(handler), nullptr});
}

void http_routes::add(std::string method, std::string path, route what) {
  // Clients read it in the header `Allow`.
  if (!detail::is_http_token(method))
    throw std::invalid_argument{"the HTTP method \"" + method
                                + "\" must be one word, such as GET"};
  if (!path.starts_with('/'))
    throw std::invalid_argument{"the HTTP path \"" + path
                                + "\" must begin with a slash"};
  auto name = method + " " + path;
  if (sealed_)
    throw std::logic_error{"\"" + name
                           + "\": the program serves already, mount it before "
                             "start() or run()"};
  auto& methods = by_path_[std::move(path)];
  if (!methods.emplace(std::move(method), std::move(what)).second)
    throw std::invalid_argument{"\"" + name + "\" is mounted already"};
}

const http_handler* http_routes::find(std::string_view method,
                                      std::string_view path) const noexcept {
  auto found = find_route(method, path);
  return found != nullptr && found->plain ? &found->plain : nullptr;
}

const http_routes::route*
http_routes::find_route(std::string_view method,
                        std::string_view path) const noexcept {
  auto i = by_path_.find(path);
  if (i == by_path_.end())
    return nullptr;
  auto j = i->second.find(method == "HEAD" ? "GET" : method);
  return j != i->second.end() ? &j->second : nullptr;
}

std::string http_routes::allowed(std::string_view path) const {
  std::string result;
  auto i = by_path_.find(path);
  if (i == by_path_.end())
    return result;
  for (auto& entry : i->second) {
    if (!result.empty())
      result += ", ";
    result += entry.first == "GET" ? "GET, HEAD" : entry.first;
  }
  return result;
}

} // namespace flamigo
