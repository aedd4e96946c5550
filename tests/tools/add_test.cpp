#include "add.hpp"

#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "failure.hpp"
#include "init.hpp"
#include "support/failure_of.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo::test;
using namespace flamigo::tool;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A project without a domain.
struct fixture {
  explicit fixture(const char* with = "websocket") {
    std::istringstream in;
    init({.name = "shop", .with = with}, dir.path(), false, in, out);
    out.str({});
  }

  project shop() {
    return project::find(dir.path() / "shop");
  }

  std::string read(const std::string& file) {
    return dir.read("shop/" + file);
  }

  temporary_directory dir;
  std::ostringstream out;
};

} // namespace

TEST_CASE("a domain is hosted") {
  fixture f;
  add_domain(f.shop(), "orders", f.out);
  CHECK_THAT(f.out.str(),
             ContainsSubstring("created  domains/orders/app/domain.cpp")
               && ContainsSubstring("created  tests/orders_test.cpp")
               && ContainsSubstring("changed  main.cpp")
               && ContainsSubstring("who.subscribe(\"orders\");"));
  CHECK_THAT(
    f.read("main.cpp"),
    ContainsSubstring("#include \"domains/orders/app/domain.hpp\"\n")
      && ContainsSubstring(
        "  app.host(app::orders::domain, app::orders::make_memory_store);\n"));
  CHECK_THAT(
    failure_of<failure>([&] { add_domain(f.shop(), "orders", f.out); }),
    ContainsSubstring("there already"));
}

TEST_CASE("a strategy gets its files, and its place in the domain") {
  fixture f;
  add_domain(f.shop(), "orders", f.out);
  add_strategy(f.shop(), "app::orders:delete", f.out);
  CHECK_THAT(f.read("domains/orders/app/domain.cpp"),
             ContainsSubstring("#include \"delete.hpp\"\n")
               && ContainsSubstring("    delete_strategy(self),\n"));
  CHECK_THAT(f.read("domains/orders/app/delete.cpp"),
             ContainsSubstring("flamigo::on(\"app::orders:delete\", handler)"));
  CHECK_THAT(f.read("tests/orders_delete_test.cpp"),
             ContainsSubstring("app::orders:delete answers"));
}

TEST_CASE("where clients log in, a strategy is for them") {
  fixture f{"websocket,auth"};
  add_domain(f.shop(), "orders", f.out);
  add_strategy(f.shop(), "app::orders:cancel", f.out);
  CHECK_THAT(f.read("domains/orders/app/cancel.cpp"),
             ContainsSubstring("flamigo::is_authenticated()"));
}

TEST_CASE("a strategy that cannot be is refused") {
  fixture f;
  auto refusal = [&](const char* name) {
    return failure_of<failure>([&] { add_strategy(f.shop(), name, f.out); });
  };
  for (auto name : {"cancel", "orders:cancel", "shop::orders:cancel",
                    "app::orders", "app::a:b:c", "app:::b"})
    CHECK_THAT(refusal(name), ContainsSubstring("app::DOMAIN:ACTION"));
  CHECK_THAT(refusal("app::orders:can-cel"), ContainsSubstring("an action"));
  CHECK_THAT(refusal("app::orders:cancel"),
             ContainsSubstring("`flamigo add domain orders`"));
}

TEST_CASE("without the mark, nothing of a strategy is written") {
  fixture f;
  add_domain(f.shop(), "orders", f.out);
  f.dir.write("shop/domains/orders/app/domain.cpp", "// mine\n");
  CHECK_THAT(failure_of<failure>(
               [&] { add_strategy(f.shop(), "app::orders:cancel", f.out); }),
             ContainsSubstring("#include \"cancel.hpp\""));
  CHECK(f.read("domains/orders/app/cancel.cpp").empty());
}

TEST_CASE("an event belongs to a domain") {
  fixture f;
  auto add = [&](const char* domain) {
    return failure_of<failure>(
      [&] { add_event(f.shop(), "sold", domain, f.out); });
  };
  CHECK_THAT(add(""), ContainsSubstring("there is none yet"));
  add_domain(f.shop(), "orders", f.out);
  CHECK(add("").empty());
  CHECK_THAT(f.read("domains/orders/domain/sold.hpp"),
             ContainsSubstring("make_client_message(\"orders:sold\", *this)"));
  add_domain(f.shop(), "bills", f.out);
  CHECK_THAT(add(""), ContainsSubstring("--domain: there are bills, orders"));
  CHECK_THAT(add("stock"), ContainsSubstring("no domain \"stock\""));
  CHECK(add("bills").empty());
}

TEST_CASE("a WebSocket is not added") {
  CHECK_THAT(failure_of<failure>([] { add_websocket(fixture{"none"}.shop()); }),
             ContainsSubstring("chosen when it is made")
               && ContainsSubstring("flamigo init OTHER-NAME"));
  CHECK_THAT(failure_of<failure>([] { add_websocket(fixture{}.shop()); }),
             ContainsSubstring("has its WebSocket"));
}
