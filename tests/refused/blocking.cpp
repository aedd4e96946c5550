#include <memory>
#include <string>

#include <flamigo/flamigo.hpp>

using namespace flamigo;

void start(context& ctx) {
  auto failed = [](caf::error) {};
  blocking(ctx, [] {
    return std::make_unique<int>(1);
  }).then([](std::unique_ptr<int>) {}, failed);
#ifdef MISTAKES
  // error: is called without arguments: it captures what it uses
  blocking(ctx, [](int x) { return x; }).then([](int) {}, failed);
  // error: takes what the blocking function returns
  blocking(ctx, [] { return 1; }).then([](std::string) {}, failed);
  // error: return a value: what this function refers to may be gone
  blocking(ctx, []() -> int& {
    static int x = 1;
    return x;
  }).then([](int) {}, failed);
#endif
}

void answer(strategy_registry& to) {
  to.add("app::shop:count", [](context& ctx) {
    return blocking(ctx, [] { return 1; }).answer(ctx);
  });
#ifdef MISTAKES
  to.add("app::shop:sum", [](context& ctx) {
    // error: is called without arguments: it captures what it uses
    return blocking(ctx, [](int x, int y) { return x + y; }).answer(ctx);
  });
#endif
}
