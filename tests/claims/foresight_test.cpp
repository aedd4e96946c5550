#include "flamigo/claims/foresight.hpp"

#include <random>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/claims/validator.hpp"
#include "flamigo/error/error.hpp"

using namespace flamigo;

using answer = foresight::answer;

namespace {

claims somebody(std::vector<std::string> permissions) {
  claims result;
  result.type = claims_type::websocket;
  result.user = user{.id = "1", .permissions = std::move(permissions)};
  return result;
}

/// Guards of all kinds, with predicates of an application that say what a test
/// wants.
struct maker {
  validator leaf() {
    switch (random() % 7) {
      case 0:
        return has_permission("a");
      case 1:
        return has_permission("b");
      case 2:
        return is_authenticated();
      case 3:
        return is_websocket();
      case 4:
        return make_validator("p", [this](const claims&) { return p; });
      case 5:
        return make_validator("q", [this](const claims&) {
          return q ? caf::error{} : make_error(errc::forbidden);
        });
      default:
        return {};
    }
  }

  validator guard(int depth) {
    auto kind = depth == 0 ? 3u : random() % 4;
    if (kind == 3)
      return leaf();
    if (kind == 2)
      return negate(guard(depth - 1));
    std::vector<validator> parts;
    for (auto n = random() % 4; n > 0; --n)
      parts.push_back(guard(depth - 1));
    return kind == 1 ? all_of(parts) : any_of(parts);
  }

  std::mt19937 random{7};
  bool p = false;
  bool q = false;
};

} // namespace

TEST_CASE("what is foreseen is what a guard says") {
  maker m;
  claims guest;
  guest.type = claims_type::websocket;
  std::vector<claims> everybody{guest, somebody({}), somebody({"a"}),
                                somebody({"b", "a"})};
  std::size_t settled = 0, open = 0;
  for (int i = 0; i < 5'000; ++i) {
    auto guard = m.guard(3);
    INFO(guard.name());
    for (auto& who : everybody) {
      auto said = guard.foresee(who);
      (said.says == answer::depends ? open : settled) += 1;
      REQUIRE((said.says == answer::depends) != said.on.empty());
      for (int truth = 0; truth < 4; ++truth) {
        m.p = (truth & 1) != 0;
        m.q = (truth & 2) != 0;
        if (said.says != answer::depends)
          REQUIRE((said.says == answer::yes) == !guard(who));
      }
    }
  }
  CHECK(settled > 1'000);
  CHECK(open > 1'000);
}

TEST_CASE("a foresight names the predicates it hangs on, each once") {
  auto p = make_validator("p", [](const claims&) { return true; });
  auto q = make_validator("q", [](const claims&) { return true; });
  auto who = somebody({"a"});
  auto on = [&](const validator& x) { return x.foresee(who).on; };
  using names = std::vector<std::string>;
  CHECK(on(all_of(q, p, p)) == names{"p", "q"});
  // In one word what is not asked of all of them.
  CHECK(on(any_of(negate(q), p)) == names{"any_of(negate(q), p)"});
  CHECK(on(negate(all_of(p, q))) == names{"negate(all_of(p, q))"});
  // What does not matter is not named.
  CHECK(on(any_of(p, has_permission("a"))).empty());
  CHECK(on(all_of(p, has_permission("b"))).empty());
  CHECK(on(all_of(p, negate(any_of(q, has_permission("b")))))
        == names{"negate(q)", "p"});
  CHECK(
    all_of(has_permission("b"), p, any_of(has_permission("a"), q)).permissions()
    == names{"a", "b"});
}
