#include "init.hpp"

#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "failure.hpp"
#include "project.hpp"
#include "support/failure_of.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo::test;
using namespace flamigo::tool;
using Catch::Matchers::ContainsSubstring;

namespace fs = std::filesystem;

namespace {

/// Calls `flamigo init` in a directory, with a person who types this.
struct caller {
  temporary_directory dir{};
  std::string said{};
  std::string failed{};

  void init(const init_options& options, const char* typed = nullptr) {
    std::istringstream in{typed != nullptr ? typed : ""};
    std::ostringstream out;
    failed = failure_of<failure>([&] {
      flamigo::tool::init(options, dir.path(), typed != nullptr, in, out);
    });
    said = out.str();
  }

  std::string features_of(const char* name) {
    return project::find(dir.path() / name).with().text();
  }
};

} // namespace

// -- with a person ------------------------------------------------------------

TEST_CASE("a person is asked, told, and asked again") {
  caller user;
  user.init({}, "my-shop\ny\ny\ny\nn\nn\nn\n\ny\n");
  CHECK(user.failed.empty());
  CHECK(user.features_of("my-shop") == "websocket,socketio,auth,example");
  CHECK_THAT(user.said,
             ContainsSubstring("with websocket,socketio,auth,example")
               && ContainsSubstring("created  main.cpp")
               && ContainsSubstring("cd my-shop && scripts/run"));
}

TEST_CASE("enter takes what is usual") {
  caller user;
  user.init({}, "shop\n\n\n\n\n\n\n\n\n");
  CHECK(user.features_of("shop") == "websocket,config,example");
}

TEST_CASE("an answer that cannot be is asked for again") {
  caller user;
  user.init({}, "my shop\nshop\nperhaps\nn\nn\nn\nn\ny\n");
  CHECK_THAT(user.said, ContainsSubstring("cannot be \"my shop\"")
                          && ContainsSubstring("please answer y or n"));
  // Who has no WebSocket is not asked who logs in.
  CHECK_THAT(user.said, !ContainsSubstring("auth")
                          && !ContainsSubstring("socketio")
                          && !ContainsSubstring("page"));
  CHECK(user.features_of("shop") == "none");
}

TEST_CASE("who says no in the end, or nothing any more, gets nothing") {
  for (auto typed : {"shop\n\n\n\n\n\n\n\nn\n", "shop\n\n", ""}) {
    caller user;
    user.init({}, typed);
    CHECK_THAT(user.failed, ContainsSubstring("nothing was written"));
    CHECK(fs::is_empty(user.dir.path()));
  }
}

TEST_CASE("what is given is not asked for") {
  caller user;
  user.init({.name = "shop", .with = "config"}, "y\n");
  CHECK(user.failed.empty());
  CHECK(user.features_of("shop") == "config");
}

// -- without one --------------------------------------------------------------

TEST_CASE("without a person, all has to be given") {
  caller script;
  for (auto& options :
       {init_options{}, init_options{.name = "shop"},
        init_options{.with = "config"}, init_options{.yes = true}}) {
    script.init(options);
    CHECK_THAT(script.failed,
               ContainsSubstring("`flamigo init NAME --with websocket"));
  }
  CHECK(fs::is_empty(script.dir.path()));
  script.init({.name = "shop", .yes = true});
  CHECK(script.features_of("shop") == "websocket,config,example");
}

// -- a page -------------------------------------------------------------------

TEST_CASE("a page has the client that is installed with the tool") {
  caller script;
  auto name = std::string{"flamigo-client-"} + FLAMIGO_VERSION + ".tgz";
  init_options options{.name = "shop",
                       .with = "websocket,page",
                       .data = script.dir.path() / "share"};
  script.init(options);
  CHECK_THAT(script.failed, ContainsSubstring(name)
                              && ContainsSubstring("--target flamigo_client"));
  CHECK_FALSE(fs::exists(script.dir.path() / "shop"));
  script.dir.write("share/" + name, std::string{"\x1f\x8b\0", 3});
  script.init(options);
  CHECK(script.failed.empty());
  CHECK(script.dir.read("shop/page/" + name) == std::string{"\x1f\x8b\0", 3});
  CHECK_THAT(script.dir.read("shop/page/package.json"),
             ContainsSubstring("\"@flamigo/client\": \"file:" + name + "\""));
  CHECK_THAT(script.said, ContainsSubstring("scripts/page"));
}

// -- several nodes ------------------------------------------------------------

TEST_CASE("a project for several nodes has their options and their library") {
  caller script;
  script.init({.name = "shop", .with = "websocket,config,cluster"});
  CHECK(script.failed.empty());
  CHECK_THAT(script.dir.read("shop/CMakeLists.txt"),
             ContainsSubstring("REQUIRED COMPONENTS cluster)")
               && ContainsSubstring("PUBLIC flamigo::cluster)")
               && !ContainsSubstring("flamigo::bridge"));
  CHECK_THAT(script.dir.read("shop/configuration.hpp"),
             ContainsSubstring("cluster.add_to(custom_options_)")
               && !ContainsSubstring("token"));
  CHECK_THAT(script.dir.read("shop/main.cpp"),
             ContainsSubstring("flamigo::cluster_node node{app, ")
               && !ContainsSubstring("authenticate"));
  CHECK_THAT(script.dir.read("shop/config/production.conf"),
             ContainsSubstring("nats-url"));
  CHECK_THAT(script.dir.read("shop/scripts/setup"),
             ContainsSubstring("libnats-dev"));
  // Without it none of that is there.
  script.init({.name = "other", .with = "websocket,config"});
  CHECK_FALSE(fs::exists(script.dir.path() / "other/configuration.hpp"));
  for (auto* name : {"CMakeLists.txt", "main.cpp", "config/production.conf",
                     "scripts/setup", "README.md"}) {
    CAPTURE(name);
    CHECK_THAT(script.dir.read(std::string{"other/"} + name),
               !ContainsSubstring("nats")
                 && !ContainsSubstring("flamigo::cluster"));
  }
}

// -- where --------------------------------------------------------------------

TEST_CASE("a directory with something in it is taken when that is meant") {
  caller script;
  script.dir.write("shop/notes.txt", "mine");
  init_options options{.name = "shop", .with = "none"};
  script.init(options);
  CHECK_THAT(script.failed,
             ContainsSubstring("is not empty") && ContainsSubstring("--force"));
  options.force = true;
  script.init(options);
  CHECK(script.failed.empty());
  CHECK(script.dir.read("shop/notes.txt") == "mine");
  script.init(options);
  CHECK_THAT(script.failed, ContainsSubstring("there already")
                              && ContainsSubstring("main.cpp"));
}

TEST_CASE("a dot is the directory that one is in") {
  temporary_directory above;
  auto root = above.path() / "my-shop";
  fs::create_directory(root);
  std::istringstream in;
  std::ostringstream out;
  init({.name = ".", .with = "none"}, root, false, in, out);
  CHECK(project::find(root).name() == "my-shop");
}
