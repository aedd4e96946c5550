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
    log-format = "json"
    trace-sample = 0.5
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
  CHECK(cfg.log_format == log::format::json);
  CHECK(cfg.tracing.sample == 0.5);
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
        == "test.conf, line 1: there is no option server.prot for the "
           "configuration "
           "file: see --help");
  CHECK(mentions(file_refusal(dir, "port = 9000"), "no option port"));
  CHECK(mentions(file_refusal(dir, "port = 9000"),
                 "write it in its section, as in `server { port = ... }`"));
  CHECK(mentions(file_refusal(dir, "sever { port = 1 }"), "sever.port"));
  CHECK(mentions(file_refusal(dir, "sever { port = 1 }"), "`server { port"));
  CHECK(mentions(file_refusal(dir, "server { log-level = \"info\" }"),
                 "write log-level at the top"));
  CHECK(mentions(file_refusal(dir, "server { help = true }"), "see --help"));
  CHECK(mentions(file_refusal(dir, "a { b { c = 1 } }"), "a.b.c"));
  CHECK(mentions(file_refusal(dir, "config-file = \"x\""), "config-file"));
  CHECK(mentions(file_refusal(dir, "help = true"), "help"));
}

TEST_CASE("a value of the wrong type is refused in the file, too") {
  sandbox dir;
  CHECK(
    file_refusal(dir, "server { port = 70000 }")
    == "test.conf, line 1: server.port cannot be \"70000\": it takes a whole "
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
        == "test.conf, line 2: the file ends within a section or a value");
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
                    "a = [1, 010]", "auth { auth-timeout=-5124096h }",
                    "server { port = 0x }", "server { port = 0B }"}) {
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

TEST_CASE("sections of the same name are one") {
  sandbox dir;
  for (auto text :
       {"server { threads = 2 }\nserver { port = 9000 }",
        "server { threads = 2 }\n[server]\nport = 9000",
        "[server]\nthreads = 2\n[client]\n[server]\nport = 9000",
        "server { }\nserver { port = 9000, threads = 2 }\nserver = { }"}) {
    INFO(text);
    dir.write("test.conf", text);
    configuration cfg;
    REQUIRE_FALSE(load(cfg, {"--config-file=test.conf"}));
    CHECK(cfg.server.threads == 2);
    CHECK(cfg.server.port == 9000);
    CHECK(caf::get_or(cfg, "server.port", std::uint16_t{0}) == 9000);
  }
  CHECK(file_refusal(dir, "server { port = 1 }\n\nserver {\n  prot = 2\n}\n")
        == "test.conf, line 4: there is no option server.prot for the "
           "configuration file: see --help");
}

TEST_CASE("what stands twice in a file is refused") {
  sandbox dir;
  CHECK(file_refusal(dir, "server {\n  port = 1\n  port = 2\n}\n")
        == "test.conf, line 3: server.port stands in line 2 already: leave one "
           "of them out");
  CHECK(file_refusal(dir, "log-level = \"info\"\nlog-level = \"info\"")
        == "test.conf, line 2: log-level stands in line 1 already: leave one "
           "of them out");
  for (auto text : {"server { port = 1 }\nserver { port = 2 }",
                    "[server]\nport = 1\n[client]\n[server]\nport = 2"})
    CHECK(mentions(file_refusal(dir, text), "server.port stands in line "));
  for (auto text :
       {"server = 1\nserver { port = 2 }", "server { port = 2 }\nserver = 1",
        "server { port = 2 }\nserver = [1]"})
    CHECK(mentions(file_refusal(dir, text),
                   "line 2: server stands in line 1 already"));
  // In what stands twice something may do so, too.
  for (auto text : {"x = [{y = 2}]\nx = [{y = 2}, {y = 3, z = [1, 2]}]\n",
                    "x = 1\nx { y = 1, y { z = 2, z = [3] }, w = [4] }"})
    CHECK(
      mentions(file_refusal(dir, text), "line 2: x stands in line 1 already"));
  // It stands before what cannot be read.
  CHECK(mentions(file_refusal(dir, "[server]\nport = 1\nport = 2\nx"),
                 "line 3: server.port stands in line 2"));
}

TEST_CASE("every refusal of a value names the line, whoever refuses it") {
  sandbox dir;
  auto place = [&](const std::string& text) {
    auto sentence = file_refusal(dir, "; a comment\n\n" + text + "\n");
    return sentence.substr(0, sentence.find(": "));
  };
  for (auto text : {"server { port = 70000 }",
                    "server { port = \"80\" }",
                    "server { port = 80.0 }",
                    "server { port = -1 }",
                    "server { port = 1e3 }",
                    "server { port = true }",
                    "server { port = 10s }",
                    "server { port = [80] }",
                    "server { port = { } }",
                    "server { host = 'localhost' }",
                    "server { host = <http://localhost> }",
                    "server { host = 127 }",
                    "server { threads = 99999999999999999999 }",
                    "server { ping-interval = 10 }",
                    "server { ping-interval = \"10s\" }",
                    "server { ping-interval = 1.5s }",
                    "server { ping-interval = 1d }",
                    "server { compression = 1 }",
                    "server { compression = \"true\" }",
                    "server { kept-headers = [1] }",
                    "server { kept-headers = [\"a\", 1] }",
                    "server { kept-headers = { a = \"b\" } }",
                    "log-level = 'info'",
                    "log-level = \"loud\"",
                    "log-level = { }",
                    "scheduler { policy = \"sharing\" }",
                    "scheduler { policy = 'fair' }",
                    "scheduler { policy = 'elevencharss' }",
                    "scheduler { max-threads = 0 }",
                    "server { path = \"ws\" }",
                    "server { pong-timeout = 0s }",
                    "auth { auth-cookie = \"a b\" }",
                    "server { host = \"\\x\" }",
                    "host = \"x\"",
                    "server { por\0t = 1 }"}) {
    INFO(text);
    CHECK(place(text) == "test.conf, line 3");
  }
  CHECK(file_refusal(dir, "server { path = \"ws\" }")
        == "test.conf, line 1: --path cannot be \"ws\": it takes a path that "
           "begins with a slash, such as /ws, and has no query");
  // It is not what the file says.
  dir.write("test.conf", "server { path = \"ws\" }");
  CHECK(mentions(refusal({"--config-file=test.conf", "--path=x"}),
                 "--path cannot be \"x\""));
  CHECK_FALSE(
    mentions(refusal({"--config-file=test.conf", "--path=x"}), "test.conf"));
  configuration cfg;
  CHECK_FALSE(load(cfg, {"--config-file=test.conf", "--path=/x"}));
}

TEST_CASE("what CAF's parser cannot read is explained") {
  sandbox dir;
  CHECK(file_refusal(dir, "server { ping-interval = 1.5s }")
        == "test.conf, line 1: a time is a whole number with a unit, such as "
           "1500ms");
  CHECK(mentions(file_refusal(dir, "server { threads = 9223372036854775808 }"),
                 "line 1: a number is from -9223372036854775808"));
  CHECK(mentions(file_refusal(dir, "server { host = \"\\x\" }"),
                 "behind a backslash stands one of"));
  CHECK(mentions(file_refusal(dir, std::string("server { }\n\0 x", 14)),
                 "test.conf, line 2: expected a section"));
  CHECK(file_refusal(dir, "server { port = 80 }\n# a comment\n")
        == "test.conf, line 2: a comment begins with a ; and not with a #");
}

TEST_CASE("a file may be of an editor of Windows") {
  sandbox dir;
  dir.write("test.conf", "\xef\xbb\xbfserver {\r\n  port = 9000\r\n}\r\n");
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--config-file=test.conf"}));
  CHECK(cfg.server.port == 9000);
  CHECK(mentions(file_refusal(dir, "server {\r\n  prot = 1\r\n}"),
                 "test.conf, line 2: there is no option server.prot"));
}
