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
  add_domain(f.shop(), "orders", false, f.out);
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
    failure_of<failure>([&] { add_domain(f.shop(), "orders", false, f.out); }),
    ContainsSubstring("there is a domain \"orders\" already"));
}

TEST_CASE("clients are let have events as soon as there are some") {
  fixture f;
  add_domain(f.shop(), "orders", true, f.out);
  CHECK_THAT(f.out.str(), !ContainsSubstring("who.subscribe"));
  add_event(f.shop(), "placed", "orders", f.out);
  CHECK_THAT(f.out.str(),
             ContainsSubstring("if (auto err = ctx.publish(placed{...}))")
               && ContainsSubstring("who.subscribe(\"orders\");"));
}

TEST_CASE("a strategy gets its files, and its place in the domain") {
  fixture f;
  add_domain(f.shop(), "orders", false, f.out);
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
  add_domain(f.shop(), "orders", false, f.out);
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

// -- names --------------------------------------------------------------------

namespace {

/// Why a name is refused, with whatever there is to add.
struct refusals : fixture {
  explicit refusals(const char* with = "websocket,auth") : fixture{with} {
    add_domain(shop(), "orders", false, out);
  }

  std::string of_domain(const std::string& name) {
    return failure_of<failure>([&] { add_domain(shop(), name, false, out); });
  }

  std::string of_action(const std::string& name) {
    return failure_of<failure>(
      [&] { add_strategy(shop(), "app::orders:" + name, out); });
  }

  std::string of_event(const std::string& name) {
    return failure_of<failure>([&] { add_event(shop(), name, "orders", out); });
  }
};

} // namespace

TEST_CASE("no name hides what the code around it means") {
  refusals f;
  for (auto name : {"std", "flamigo", "app", "caf", "boost"}) {
    INFO(name);
    auto hides = ContainsSubstring(std::string{name} + "::...");
    CHECK_THAT(f.of_domain(name), hides);
    CHECK_THAT(f.of_event(name), hides);
  }
  CHECK_THAT(f.of_domain("websocket"), ContainsSubstring("Flamigo's own"));
  f.dir.write("shop/domains/orders/app/mine.cpp",
              "namespace app::orders { geo::point where(); }");
  CHECK_THAT(f.of_domain("geo"), ContainsSubstring("geo::..."));
}

TEST_CASE("a name is no macro") {
  refusals f;
  for (auto name : {"linux", "unix", "errno", "assert", "stdin"}) {
    INFO(name);
    CHECK_THAT(f.of_domain(name), ContainsSubstring("there is a macro"));
    CHECK_THAT(f.of_event(name), ContainsSubstring("there is a macro"));
  }
  CHECK_THAT(f.of_event("TEST_CASE"), ContainsSubstring("in capitals"));
  CHECK_THAT(f.of_domain("EOF"), ContainsSubstring("in capitals"));
  CHECK_THAT(f.of_event("class"), ContainsSubstring("C++ has that word"));
}

TEST_CASE("what a domain has already is not made again") {
  refusals f;
  for (auto name : {"state", "domain", "listeners", "store_factory",
                    "add_input", "make_memory_store", "list_strategy"}) {
    INFO(name);
    CHECK_THAT(f.of_event(name),
               ContainsSubstring("there is app::orders::" + std::string{name}
                                 + " already, in domains/"));
  }
  for (auto name : {"domain", "state", "listeners", "add"}) {
    INFO(name);
    CHECK_THAT(f.of_action(name),
               ContainsSubstring("these files are there already")
                 && ContainsSubstring("domains/orders/app/" + std::string{name}
                                      + ".hpp"));
  }
  // Those of its own, whichever comes first.
  CHECK(f.of_event("cancel_input").empty());
  CHECK_THAT(f.of_action("cancel"), ContainsSubstring("cancel_input already"));
  CHECK(f.of_action("sell").empty());
  CHECK_THAT(f.of_event("sell_output"), ContainsSubstring("already"));
  CHECK_THAT(f.of_action("sell_"), ContainsSubstring("two underscores"));
}

TEST_CASE("an event is not called like its members") {
  refusals f;
  for (auto name : {"text", "topics", "to_client"})
    CHECK_THAT(f.of_event(name), ContainsSubstring("a member of that name"));
  for (auto name : {"event", "id", "string", "sold", "memory"}) {
    INFO(name);
    CHECK(f.of_event(name).empty());
  }
}

TEST_CASE("a domain is a new name in the program") {
  refusals f;
  CHECK_THAT(f.of_domain("http"),
             ContainsSubstring("app::http already, in interfaces/http/"));
  CHECK_THAT(f.of_domain("configuration"),
             ContainsSubstring("already, in configuration.hpp"));
  CHECK_THAT(f.of_domain("health"), ContainsSubstring("tests/health_test.cpp"));
  CHECK_THAT(f.of_domain("orders"),
             ContainsSubstring("there is a domain \"orders\" already"));
  // A domain that could not be made is not to be made first.
  CHECK_THAT(failure_of<failure>(
               [&] { add_strategy(f.shop(), "app::std:cancel", f.out); }),
             ContainsSubstring("std::..."));
  for (auto name : {"domain", "state", "memory_store", "item", "events"}) {
    INFO(name);
    CHECK(f.of_domain(name).empty());
  }
}

TEST_CASE("an empty domain has a place for strategies, and no store") {
  fixture f;
  add_domain(f.shop(), "orders", true, f.out);
  CHECK_THAT(f.out.str(), ContainsSubstring("flamigo add strategy app::orders")
                            && !ContainsSubstring("memory_store"));
  CHECK_THAT(f.read("main.cpp"),
             ContainsSubstring("  app.host(app::orders::domain);\n"));
  add_strategy(f.shop(), "app::orders:cancel", f.out);
  CHECK_THAT(f.read("domains/orders/app/domain.cpp"),
             ContainsSubstring("    cancel_strategy(self),\n"));
  CHECK_THAT(f.read("tests/orders_cancel_test.cpp"),
             ContainsSubstring("  app.host(domain);\n")
               && !ContainsSubstring("memory_store"));
}

TEST_CASE("without the mark, nothing of a strategy is written") {
  fixture f;
  add_domain(f.shop(), "orders", false, f.out);
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
  add_domain(f.shop(), "orders", false, f.out);
  CHECK(add("").empty());
  CHECK_THAT(f.read("domains/orders/domain/sold.hpp"),
             ContainsSubstring("make_client_message(\"orders:sold\", *this)"));
  add_domain(f.shop(), "bills", false, f.out);
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
