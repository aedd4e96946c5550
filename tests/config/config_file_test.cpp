#include "support/configuration_sandbox.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;
using namespace flamigo::test;
using std::chrono::seconds;

TEST_CASE("the file sets options by section") {
  sandbox dir;
  dir.write("test.conf", R"(
    ; general options stand at the top
    log-level = "warning"
    server {
      port = 9000 ; a comment
      host = "0.0.0.0"
      ping-interval = 5s
      allowed-origins = ["https://example.org", "http://[::1]:3000"]
      compression = true
    }
    client { max-in-flight = 8 }
    scheduler { max-threads = 3 }
  )");
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--config-file", "test.conf"}));
  CHECK(cfg.log_level == log::level::warning);
  CHECK(cfg.server.port == 9000);
  CHECK(cfg.server.host == "0.0.0.0");
  CHECK(cfg.server.ping_interval == seconds{5});
  CHECK(cfg.server.allowed_origins.size() == 2);
  CHECK(cfg.server.compression);
  CHECK(cfg.client.max_in_flight == 8);
  CHECK(caf::get_or(cfg, "scheduler.max-threads", std::size_t{0}) == 3);
}

TEST_CASE("sections in brackets do as well") {
  sandbox dir;
  dir.write("test.conf", "[server]\nport = 9000\n[client]\nmax-malformed=2");
  configuration cfg;
  cfg.config_file_path = "test.conf";
  REQUIRE_FALSE(load(cfg));
  CHECK(cfg.server.port == 9000);
  CHECK(cfg.client.max_malformed == 2);
}

TEST_CASE("the command line wins over the file, the file over C++") {
  sandbox dir;
  dir.write("test.conf", "server { port = 9000, threads = 3 }");
  configuration cfg;
  cfg.server.port = 1;
  cfg.server.threads = 1;
  cfg.server.path = "/cpp";
  REQUIRE_FALSE(load(cfg, {"--port", "9001", "--config-file=test.conf"}));
  CHECK(cfg.server.port == 9001);
  CHECK(cfg.server.threads == 3);
  CHECK(cfg.server.path == "/cpp");
}

TEST_CASE("the environment names the file") {
  sandbox dir;
  dir.write("config/development.conf", "client { expose-traces = true }");
  dir.write("config/production.conf", "server { port = 80 }");
  dir.write("caf-application.ini", "[server]\nport = 666\n");
  {
    configuration cfg;
    REQUIRE_FALSE(load(cfg));
    CHECK(cfg.client.expose_traces);
    CHECK(cfg.server.port == 8080);
  }
  ::setenv("APP_ENV", "production", 1);
  {
    configuration cfg;
    REQUIRE_FALSE(load(cfg));
    CHECK(cfg.environment() == "production");
    CHECK_FALSE(cfg.client.expose_traces);
    CHECK(cfg.server.port == 80);
  }
  ::setenv("APP_ENV", "staging", 1);
  {
    configuration cfg;
    REQUIRE_FALSE(load(cfg));
    CHECK(cfg.server.port == 8080);
  }
  ::setenv("APP_ENV", "../config/production", 1);
  CHECK(refusal({})
        == "APP_ENV cannot be \"../config/production\": it takes letters, "
           "digits, '-' and '_'");
  ::setenv("APP_ENV", "", 1);
  {
    configuration cfg;
    CHECK(cfg.environment() == "development");
  }
}

TEST_CASE("a file that was asked for has to be there") {
  sandbox dir;
  CHECK(refusal({"--config-file=missing.conf"})
        == "cannot read the configuration file missing.conf: No such file or "
           "directory");
  CHECK(refusal({"--config-file", "config"})
        == "cannot read the configuration file config: Is a directory");
  dir.write("empty.conf", "");
  CHECK_FALSE(mentions(refusal({"--config-file=empty.conf"}), "cannot"));
}

TEST_CASE("what no option is for is refused in the file, too") {
  sandbox dir;
  CHECK(file_refusal(dir, "server { prot = 9000 }")
        == "test.conf: there is no option server.prot for the configuration "
           "file: see --help");
  CHECK(mentions(file_refusal(dir, "port = 9000"), "no option port"));
  CHECK(mentions(file_refusal(dir, "sever { port = 1 }"), "sever.port"));
  CHECK(mentions(file_refusal(dir, "a { b { c = 1 } }"), "a.b.c"));
  CHECK(mentions(file_refusal(dir, "config-file = \"x\""), "config-file"));
  CHECK(mentions(file_refusal(dir, "help = true"), "help"));
}

TEST_CASE("a value of the wrong type is refused in the file, too") {
  sandbox dir;
  CHECK(file_refusal(dir, "server { port = 70000 }")
        == "test.conf: server.port cannot be \"70000\": it takes a whole "
           "number from 0 to 65535");
  CHECK(mentions(file_refusal(dir, "server { port = \"x\" }"),
                 "server.port cannot be \"x\""));
  CHECK(mentions(file_refusal(dir, "server { ping-interval = 10 }"),
                 "server.ping-interval cannot be \"10\""));
  CHECK(mentions(file_refusal(dir, "log-level = \"loud\""),
                 "log-level cannot be \"loud\""));
  CHECK(mentions(file_refusal(dir, "log-level = 1"), "log-level cannot be"));
  CHECK(mentions(file_refusal(dir, "server { kept-headers = \"a\" }"),
                 "server.kept-headers cannot be \"a\""));
  CHECK(mentions(file_refusal(dir, "server { path = \"ws\" }"),
                 "--path cannot be \"ws\""));
}

TEST_CASE("a file that cannot be understood is refused with its line") {
  sandbox dir;
  CHECK(mentions(file_refusal(dir, "server {\n  port = = 1\n}\n"),
                 "test.conf, line 2: expected"));
  CHECK(mentions(file_refusal(dir, "server { host = localhost }"),
                 "test.conf, line 1: expected"));
  for (auto text :
       {"server {", "server { port = 9000", "server { port = 9000\n",
        "server { kept-headers = [\"a\", \n", "[server", "server",
        "log-file = \"x"}) {
    INFO(text);
    CHECK(mentions(file_refusal(dir, text), "test.conf"));
  }
  CHECK(file_refusal(dir, "server { port = 9000\n")
        == "test.conf ends within a section or a value");
}

TEST_CASE("a number of the file is what it looks like, too") {
  sandbox dir;
  CHECK(file_refusal(dir, "server {\n  port = 80\n  ping-interval = 010s\n}")
        == "test.conf, line 3: a value cannot be \"010s\": it takes a number "
           "without a zero in front, which would make it octal");
  CHECK(file_refusal(dir, "client { request-timeout = 5124096h }")
        == "test.conf, line 1: a value cannot be \"5124096h\": it takes a time "
           "of at most 2562047h, which is what a clock holds");
  for (auto text : {"server { port = 010 }", "server { port=08, threads = 1 }",
                    "[server]\nport = -010", "[server]\nport=010;x",
                    "a = [1, 010]", "auth { auth-timeout=-5124096h }"}) {
    INFO(text);
    CHECK(mentions(file_refusal(dir, text), ": a value cannot be \""));
  }
  // Elsewhere they are part of something else.
  for (auto text :
       {"; 010 and 5124096h", "auth { auth-cookie = \"010\" }",
        "log-file = \"a\\\" 010\"", "server { threads = 0 }",
        "server { kept-headers = [\"010\", \"5124096h\"] }",
        "server { host = \"010\" ; 010\n }", "server { port = 0x10 }",
        "scheduler { policy = 'sharing' }", "server { drain-timeout = 0s }"}) {
    INFO(text);
    dir.write("good.conf", text);
    configuration cfg;
    CHECK_FALSE(load(cfg, {"--config-file=good.conf"}));
  }
}
