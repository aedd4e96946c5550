#include "flamigo/api/api_keys.hpp"

#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/api/detail/idempotency_memory.hpp"
#include "flamigo/api/detail/key_store.hpp"
#include "flamigo/error/error.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

/// Of "one" and of "two".
constexpr std::string_view one
  = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";

constexpr std::string_view two
  = "3FC4CCFE745870E2C0D99F71F30FF0656C8DEDD41CC1D7D3D376B0DBE685E2F3";

std::string line(std::string_view name, std::string_view scopes,
                 std::string_view digits) {
  return std::string{name} + " " + std::string{scopes} + "\t"
         + std::string{digits} + "\n";
}

/// What is wrong with a file.
std::string flaw_in(const std::string& text) {
  auto result = api_keys::parse(text, "keys");
  return result ? std::string{} : public_message(result.error());
}

} // namespace

TEST_CASE("keys are for what their line says") {
  auto keys = api_keys::parse("# name scopes SHA-256\n\n"
                                + line("a", "publish,info", one) + "  b call "
                                + std::string{two} + " # ours\r",
                              "keys");
  REQUIRE(keys);
  CHECK(keys->size() == 2);
  CHECK(keys->check("Bearer one", "publish") == caf::none);
  CHECK(keys->check("bearer one", "info") == caf::none);
  CHECK(keys->check("Bearer two", "call") == caf::none);
  auto refused = keys->check("Bearer two", "publish");
  CHECK(refused == errc::forbidden);
  CHECK(public_message(refused)
        == "the key \"b\" has not got the scope publish");
  for (auto header : {"", "one", "Basic one", "Bearer", "Bearer on",
                      "Bearer oneone", "Bearer ONE", "Bearer one two"})
    CHECK(keys->check(header, "publish") == errc::unauthorized);
}

TEST_CASE("a file that is wrong says where") {
  CHECK(flaw_in("") == "keys:1: there is no key in this file");
  CHECK(flaw_in("# x\na publish").starts_with("keys:2: a line is a name"));
  CHECK(flaw_in(line("a", "publish, info", one)).starts_with("keys:1: a line"));
  CHECK(flaw_in(line("a", "publish,,info", one))
          .starts_with("keys:1: \"\" is no scope; there are publish, "));
  CHECK(
    flaw_in(line("a", "write", one)).starts_with("keys:1: \"write\" is no"));
  CHECK(flaw_in(line("a", "info", one.substr(1)))
          .starts_with("keys:1: a SHA-256 has 64 hexadecimal digits"));
  CHECK(flaw_in(line("a", "info", "x" + std::string{one.substr(1)}))
          .starts_with("keys:1: a SHA-256"));
  CHECK(flaw_in(line("a", "info", one) + line("a", "info", two))
        == "keys:2: there is another key named \"a\"");
  CHECK(flaw_in(line("a", "info", one) + line("b", "info", one))
        == "keys:2: this is the key of \"a\" as well");
}

TEST_CASE("a file that has become wrong changes nothing") {
  test::temporary_directory where;
  auto file = (where.path() / "keys").string();
  detail::key_store store{file};
  CHECK(store.load());
  std::ofstream{file} << line("a", "info", one);
  CHECK_FALSE(store.load());
  CHECK_FALSE(store.now()->check("Bearer one", "info"));
  std::ofstream{file} << "rubbish\n";
  CHECK(store.load());
  CHECK_FALSE(store.now()->check("Bearer one", "info"));
  std::ofstream{file} << line("a", "info", two);
  CHECK_FALSE(store.load());
  CHECK(store.now()->check("Bearer one", "info"));
}

TEST_CASE("what was done is remembered for a while") {
  using memory = detail::idempotency_memory;
  using verdict = memory::verdict;
  memory what;
  memory::time_point start{};
  CHECK(what.begin("a", 1, start) == verdict::fresh);
  CHECK(what.begin("b", 1, start + 1min) == verdict::fresh);
  CHECK(what.begin("a", 1, start + memory::span - 1ns) == verdict::repeated);
  CHECK(what.begin("a", 2, start) == verdict::conflict);
  CHECK(what.begin("a", 1, start + memory::span) == verdict::fresh);
  CHECK(what.begin("b", 1, start + memory::span) == verdict::repeated);
  // It was not done, and then it was.
  what.forget("b");
  CHECK(what.begin("b", 3, start + memory::span) == verdict::fresh);
  CHECK(what.begin("b", 3, start + memory::span + 1min) == verdict::repeated);
}

TEST_CASE("a promise to remember is not broken for another one") {
  using memory = detail::idempotency_memory;
  using verdict = memory::verdict;
  memory what;
  memory::time_point start{};
  for (std::size_t i = 0; i < memory::max_keys; ++i)
    REQUIRE(what.begin(std::to_string(i), 1, start) == verdict::fresh);
  CHECK(what.begin("one more", 1, start) == verdict::full);
  CHECK(what.begin("0", 1, start) == verdict::repeated);
  CHECK(what.begin("one more", 1, start + memory::span) == verdict::fresh);
}

TEST_CASE("a key is known again until its line is another one") {
  auto keys = api_keys::parse(
    line("a", "admin,info", one) + line("b", "info", two), "keys");
  REQUIRE(keys);
  CHECK(keys->has_scope("admin"));
  CHECK_FALSE(keys->has_scope("call"));
  auto who = keys->identify("one", "admin");
  REQUIRE(who);
  CHECK(who->name == "a");
  CHECK(keys->identify("two", "admin").error() == errc::forbidden);
  CHECK(keys->identify("three", "admin").error() == errc::unauthorized);
  CHECK(keys->still_allows(*who, "admin"));
  CHECK_FALSE(keys->still_allows(*who, "call"));
  for (auto& text : {line("a", "info", one), line("a", "admin", two),
                     line("c", "admin", one)})
    CHECK_FALSE(api_keys::parse(text, "keys")->still_allows(*who, "admin"));
}
