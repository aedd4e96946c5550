#include "flamigo/access/access_matrix.hpp"

#include <map>
#include <random>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/access/claims_like.hpp"

using namespace flamigo;

using answer = foresight::answer;

namespace {

std::string line(validator guard, bool needs_user = false) {
  auto text = access_matrix({{.kind = "strategy",
                              .name = "app::a:b",
                              .guard = std::move(guard),
                              .needs_user = needs_user}});
  const std::string head = "strategy app::a:b -> ";
  REQUIRE(text.starts_with(head));
  REQUIRE(text.ends_with("\n"));
  return text.substr(head.size(), text.size() - head.size() - 1);
}

validator mood() {
  return make_validator("mood", [](const claims&) { return true; });
}

} // namespace

TEST_CASE("the matrix names the least that opens a door") {
  auto a = has_permission("a"), b = has_permission("b");
  CHECK(line({}) == "guest; user");
  CHECK(line({}, true) == "user");
  CHECK(line(is_unauthenticated()) == "guest");
  CHECK(line(internal()) == "nobody");
  CHECK(line(is_server()) == "nobody");
  CHECK(line(a) == "user:a");
  CHECK(line(any_of(a, b)) == "user:a; user:b");
  CHECK(line({a, b}) == "user:a,b");
  CHECK(line({is_authenticated(), negate(a)}) == "user; not user:a");
  CHECK(line({a, negate(b)}) == "user:a; not user:a,b");
  CHECK(line({a, mood()}) == "user:a if mood agrees");
  CHECK(line(any_of(a, all_of(is_authenticated(), mood())))
        == "user if mood agrees; user:a");
  CHECK(line({a, limit(3, std::chrono::seconds{1})}) == "user:a");
}

TEST_CASE("lines are sorted, whatever order a program has") {
  std::vector<door> doors{
    {.kind = "strategy", .name = "app::b:x"},
    {.kind = "http", .name = "GET /b", .guard = is_websocket()},
    {.kind = "channel", .name = "b/*", .also = "its check"},
    {.kind = "strategy", .name = "app::a:x", .guard = is_websocket()}};
  CHECK(access_matrix(doors)
        == "channel b/* -> guest if its check agrees; user if its check "
           "agrees\n"
           "http GET /b -> nobody\n"
           "strategy app::a:x -> guest; user\n"
           "strategy app::b:x -> guest; user\n");
}

TEST_CASE("a guard of many permissions is printed itself") {
  std::vector<validator> many;
  for (char name = 'a'; name < 'l'; ++name)
    many.push_back(has_permission({name}));
  auto guard = any_of(many);
  CHECK(line(guard) == guard.name());
  many.pop_back();
  CHECK(line(any_of(many)).starts_with("user:a; user:b; "));
}

TEST_CASE("the matrix tells of every set of permissions") {
  std::mt19937 random{11};
  const std::vector<std::string> names{"a", "b", "c"};
  for (int i = 0; i < 3'000; ++i) {
    std::vector<validator> parts;
    for (auto n = 1 + random() % 4; n > 0; --n) {
      auto x = has_permission(names[random() % 3]);
      auto y = has_permission(names[random() % 3]);
      auto both = random() % 2 == 0 ? all_of(x, y) : any_of(x, negate(y));
      parts.push_back(random() % 3 == 0 ? negate(both) : both);
    }
    validator guard{is_authenticated(),
                    random() % 2 == 0 ? all_of(parts) : any_of(parts)};
    auto text = line(guard);
    INFO(guard.name() << " -> " << text);
    // As its reader does.
    std::map<std::string, bool> said;
    bool closes = false;
    for (std::size_t at = 0; text != "nobody" && at < text.size();) {
      auto end = std::min(text.find("; ", at), text.size());
      auto entry = text.substr(at, end - at);
      auto no = entry.starts_with("not ");
      said[no ? entry.substr(4) : entry] = !no;
      closes |= no;
      at = end + 2;
    }
    auto name = [&](std::size_t set) {
      std::string who = "user";
      for (std::size_t k = 0; k < 3; ++k)
        if ((set >> k & 1) != 0)
          who += (who == "user" ? ":" : ",") + names[k];
      return who;
    };
    // Of what nothing is said, does not matter.
    std::size_t mentioned = 0;
    for (std::size_t k = 0; k < 3; ++k)
      for (auto& [who, what] : said)
        if (who.starts_with("user:") && who.find(names[k], 5) != who.npos)
          mentioned |= std::size_t{1} << k;
    std::map<std::size_t, bool> told;
    for (std::size_t set = 0; set < 8; ++set) {
      auto who = name(set & mentioned);
      bool result = false, last = false;
      for (std::size_t bit = 1; bit < 8; bit <<= 1)
        if ((set & bit) != 0) {
          last = told[set ^ bit];
          result |= last;
        }
      if (closes)
        result = last;
      if ((set & ~mentioned) != 0)
        result = told[set & mentioned];
      else if (auto found = said.find(who); found != said.end())
        result = found->second;
      told[set] = result;
      auto actor = *claims_like(who);
      REQUIRE(result == !guard(actor));
    }
  }
}
