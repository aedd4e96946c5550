#include "flamigo/error/detail/guarded.hpp"

#include <cstdlib>
#include <new>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "support/thrown.hpp"

using namespace flamigo;
using test::all_thrown;
using test::log_capture;
using test::logged;

namespace {

/// The largest piece of memory that this thread gets.
thread_local std::size_t max_piece = static_cast<std::size_t>(-1);

/// Memory runs short while it lives.
struct shortage {
  explicit shortage(std::size_t max) {
    max_piece = max;
  }

  ~shortage() {
    max_piece = static_cast<std::size_t>(-1);
  }
};

} // namespace

void* operator new(std::size_t size) {
  auto result = size <= max_piece ? std::malloc(size) : nullptr;
  if (result == nullptr)
    throw std::bad_alloc{};
  return result;
}

void operator delete(void* what) noexcept {
  std::free(what);
}

void operator delete(void* what, std::size_t) noexcept {
  std::free(what);
}

TEST_CASE("what is thrown becomes an error that says it to developers only") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    auto err = detail::guarded(
      [&]() -> caf::error {
        what.raise();
        return {};
      },
      [](caf::error why) { return why; });
    CHECK(err == errc::internal);
    CHECK(trace_of(err) == what.text);
    CHECK(public_message(err) == "internal error");
  }
}

TEST_CASE("what returns is returned") {
  CHECK(detail::guarded([] { return 1; }, [](caf::error) { return 2; }) == 1);
}

TEST_CASE("an exception that was kept is the same error") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    std::exception_ptr kept;
    try {
      what.raise();
    } catch (...) {
      kept = std::current_exception();
    }
    CHECK(trace_of(detail::caught(kept)) == what.text);
  }
}

TEST_CASE("what nobody waits for is logged with its place") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    log_capture log;
    CHECK_FALSE(detail::guarded_or_logged(what.raise,
                                          [] { return std::string{"here"}; }));
    CHECK(logged(log, "here: " + what.text) == 1);
  }
  log_capture log;
  CHECK(detail::guarded_or_logged([] {}, [] { return std::string{"here"}; }));
  CHECK(log.lines().empty());
}

TEST_CASE("without memory for the text there is an error all the same") {
  const std::string text(1'000, 'x');
  caf::error err;
  {
    std::runtime_error what{text};
    shortage now{100};
    err = detail::guarded([&]() -> caf::error { throw what; },
                          [](caf::error why) { return why; });
  }
  CHECK(err == errc::internal);
  CHECK(status_of(err) == 500);
}

TEST_CASE("a log line for which there is no memory is left out") {
  log_capture log;
  {
    std::runtime_error what{std::string(1'000, 'x')};
    shortage now{0};
    CHECK_FALSE(detail::guarded_or_logged(
      [&] { throw what; }, [] { return std::string(1'000, 'y'); }));
  }
  CHECK(log.lines().empty());
}
