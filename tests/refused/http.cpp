#include <string>

#include <flamigo/http/http_routes.hpp>
#include <flamigo/strategy/call.hpp>

using namespace flamigo;

void mount(http_routes& to) {
  to.handle("GET", "/plain",
            [](const http_request&) { return http_response{}; });
  to.handle("GET", "/task", [](context ctx) -> task<http_response> {
    co_return http_response{
      .body = co_await ctx.call_strategy<std::string>("app::a:b").or_throw()};
  });
  to.handle("PUT", "/task",
            [](context, http_request in) -> task<http_response> {
              co_return http_response{.body = in.body};
            });
  to.handle("GET", "/stream",
            [](context) -> task<http_stream> { co_return http_stream{}; });
#ifdef MISTAKES
  // error: a handler of HTTP that returns a task takes its parameters by value
  to.handle("GET", "/a",
            [](context, const http_request& in) -> task<http_response> {
              co_return http_response{.body = in.body};
            });
  // error: a handler of HTTP that returns a task takes its parameters by value
  to.handle("GET", "/b", [](const http_request& in) -> task<http_response> {
    co_return http_response{.body = in.body};
  });
  // error: a handler of HTTP that is a coroutine returns a
  to.handle("GET", "/c", [](context) -> task<std::string> { co_return "a"; });
#endif
}
