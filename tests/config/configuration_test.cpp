#include "flamigo/config/configuration.hpp"

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "support/configuration_sandbox.hpp"

using namespace flamigo;
using namespace flamigo::test;
using std::chrono::seconds;

namespace {

class chat_configuration : public configuration {
public:
  chat_configuration() {
    opt_group{custom_options_, "?chat"}
      .add(history, "history,n", "messages that a room remembers")
      .add<std::string>("motd", "what is said to newcomers");
    opt_group{custom_options_, "rooms"}.add(names, "names", "rooms to open");
  }

  std::size_t history = 50;
  std::vector<std::string> names;
};

} // namespace

// -- defaults -----------------------------------------------------------------

TEST_CASE("idle threads of CAF's scheduler sleep, unless told otherwise") {
  sandbox dir;
  configuration cfg;
  auto policy = [&] {
    return caf::get_or(cfg, "scheduler.policy", caf::atom("none"));
  };
  CHECK(policy() == caf::atom("sharing"));
  REQUIRE_FALSE(load(cfg, {"--port=1"}));
  CHECK(policy() == caf::atom("sharing"));
  REQUIRE_FALSE(load(cfg, {"--scheduler.policy=stealing"}));
  CHECK(policy() == caf::atom("stealing"));
}

TEST_CASE("without a file and arguments the defaults stand") {
  sandbox dir;
  configuration cfg;
  REQUIRE_FALSE(load(cfg));
  CHECK(cfg.server.host == "127.0.0.1");
  CHECK(cfg.server.port == 8080);
  CHECK(cfg.server.path == "/ws");
  CHECK(cfg.server.threads == 0);
  CHECK(cfg.server.max_message_bytes == 65'536);
  CHECK(cfg.server.max_backlog_bytes == 1'048'576);
  CHECK(cfg.server.ping_interval == seconds{25});
  CHECK(cfg.server.pong_timeout == seconds{10});
  CHECK(cfg.client.max_in_flight == 64);
  CHECK(cfg.client.request_timeout == seconds{10});
  CHECK(cfg.client.max_malformed == 5);
  CHECK(cfg.metrics.port == 0);
  CHECK_FALSE(cfg.metrics.wanted());
  CHECK_FALSE(cfg.client.expose_traces);
  CHECK_FALSE(cfg.server.compression);
  CHECK(cfg.log_level == log::level::info);
  CHECK(cfg.log_file.empty());
  CHECK(cfg.printout().empty());
  CHECK(cfg.environment() == "development");
}

TEST_CASE("values may be assigned in C++ and are checked") {
  sandbox dir;
  configuration cfg;
  cfg.server.port = 0;
  cfg.server.allowed_origins = {"*"};
  CHECK_FALSE(cfg.check());
  REQUIRE_FALSE(load(cfg));
  CHECK(cfg.server.port == 0);
  cfg.server.path = "ws";
  CHECK(mentions(public_message(cfg.check()), "--path cannot be \"ws\""));
  CHECK(load(cfg));
  cfg.server.path = "/ws";
  cfg.metrics.address = "http://localhost";
  CHECK(mentions(public_message(cfg.check()),
                 "--metrics-address cannot be \"http://localhost\""));
}

// -- CAF's own options --------------------------------------------------------

TEST_CASE("what CAF is told is checked before CAF believes it") {
  sandbox dir;
  CHECK(mentions(refusal({"--scheduler.max-threads=0"}),
                 "--scheduler.max-threads cannot be \"0\""));
  CHECK(mentions(refusal({"--scheduler.max-throughput", "0"}),
                 "--scheduler.max-throughput cannot be \"0\""));
  CHECK(refusal({"--scheduler.policy=fair"})
        == "--scheduler.policy cannot be \"fair\": it takes stealing, sharing "
           "or testing");
  CHECK(mentions(file_refusal(dir, "scheduler { policy = 'fair' }"),
                 "--scheduler.policy cannot be \"fair\""));
  configuration cfg;
  REQUIRE_FALSE(
    load(cfg, {"--scheduler.max-threads=2", "--scheduler.policy=sharing"}));
  caf::actor_system system{cfg};
  CHECK(system.scheduler().num_workers() == 2);
}

TEST_CASE("a refused configuration still makes an actor system") {
  sandbox dir;
  configuration cfg;
  CHECK(load(cfg, {"--scheduler.max-threads=0"}));
  caf::actor_system system{cfg};
  CHECK(system.scheduler().num_workers() > 0);
}

// -- options of an application ------------------------------------------------

TEST_CASE("an application adds options of its own") {
  sandbox dir;
  dir.write("test.conf", "chat { history = 7 }\nrooms { names = [\"a\"] }");
  {
    chat_configuration cfg;
    REQUIRE_FALSE(load(cfg, {"--config-file=test.conf", "--motd", "welcome"}));
    CHECK(cfg.history == 7);
    CHECK(cfg.names == std::vector<std::string>{"a"});
    CHECK(caf::get_or(cfg, "chat.motd", "") == "welcome");
  }
  for (auto args : {std::vector<std::string>{"-n", "9"},
                    {"-n9"},
                    {"-n=9"},
                    {"--history=9"},
                    {"--chat.history", "9"}}) {
    chat_configuration cfg;
    REQUIRE_FALSE(load(cfg, args));
    CHECK(cfg.history == 9);
  }
  chat_configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--rooms.names", "a,b"}));
  CHECK(cfg.names.size() == 2);
  CHECK(load(cfg, {"--names", "a,b"}));
}

TEST_CASE("an option that could not be reached is a mistake") {
  class twice : public configuration {
  public:
    twice() {
      opt_group{custom_options_, "?files"}.add(path, "path", "where they are");
    }

    std::string path;
  };
  sandbox dir;
  twice cfg;
  CHECK(public_message(load(cfg))
        == "this program has two options named --path: rename one of them");
}

// -- help ---------------------------------------------------------------------

TEST_CASE("the help text lists every option with its default") {
  sandbox dir;
  chat_configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--help", "--bogus"}));
  auto& text = cfg.printout();
  for (auto name : {"--help",
                    "--config-file",
                    "--log-level",
                    "--log-file",
                    "--host",
                    "--port",
                    "--threads",
                    "--path",
                    "--max-connections",
                    "--max-connections-per-address",
                    "--max-accepts",
                    "--max-message-bytes",
                    "--max-header-bytes",
                    "--handshake-timeout",
                    "--ping-interval",
                    "--pong-timeout",
                    "--backlog-timeout",
                    "--close-timeout",
                    "--drain-timeout",
                    "--max-backlog-bytes",
                    "--allowed-hosts",
                    "--allowed-origins",
                    "--public-scheme",
                    "--trusted-proxies",
                    "--proxy-protocol",
                    "--kept-headers",
                    "--compression",
                    "--max-in-flight",
                    "--max-refused",
                    "--max-subscriptions",
                    "--max-queued",
                    "--request-timeout",
                    "--max-malformed",
                    "--expose-traces",
                    "--auth-timeout",
                    "--auth-max-bytes",
                    "--auth-max-messages",
                    "--auth-expiry-grace",
                    "--auth-cookie",
                    "--auth-guest-events",
                    "--blocking-threads",
                    "--blocking-max-queued",
                    "--metrics-port",
                    "--metrics-address",
                    "--history",
                    "--rooms.names",
                    "--scheduler.max-threads"}) {
    INFO(name);
    CHECK(mentions(text, name));
  }
  CHECK(mentions(text, "(default: 8080)"));
  CHECK(mentions(text, "(default: /ws)"));
  CHECK(mentions(text, "(default: 25s)"));
  CHECK(mentions(text, "(default: 50)"));
  CHECK_FALSE(mentions(text, "--middleman"));
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != text.npos;
       begin = end + 1, end = text.find('\n', begin))
    CHECK(end - begin <= 80);
}

TEST_CASE("the long help text lists CAF's options, too") {
  sandbox dir;
  for (auto arg : {"-h", "-?", "--help", "--long-help"}) {
    configuration cfg;
    REQUIRE_FALSE(load(cfg, {arg}));
    CHECK(mentions(cfg.printout(), "--port=N"));
    CHECK(mentions(cfg.printout(), "--middleman.workers")
          == (arg == std::string{"--long-help"}));
  }
}

TEST_CASE("a default that the program changed is the one that is shown") {
  sandbox dir;
  configuration cfg;
  cfg.server.port = 4711;
  REQUIRE_FALSE(load(cfg, {"--help"}));
  CHECK(mentions(cfg.printout(), "(default: 4711)"));
}

TEST_CASE("strategies are listed when the command line says so, only then") {
  sandbox dir;
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--list-strategies"}));
  CHECK(cfg.list_strategies);
  CHECK(mentions(file_refusal(dir, "list-strategies = true\n"),
                 "there is no option list-strategies"));
  for (auto name :
       {"list-access = true", "contract = true", "list-access-as = \"guest\""})
    CHECK(mentions(file_refusal(dir, std::string{name} + "\n"),
                   "there is no option "));
  REQUIRE_FALSE(load(cfg, {"--list-access-as=guest"}));
  CHECK(cfg.lists());
  auto refused = [](std::vector<std::string> args) {
    return mentions(refusal(std::move(args)),
                    "--list-access-as cannot be \"\": it takes guest, user, "
                    "or user:PERMISSION,...");
  };
  CHECK(refused({"--list-access-as", ""}));
  CHECK(refused({"--list-access-as="}));
}

// -- the log ------------------------------------------------------------------

TEST_CASE("the log is set up as configured") {
  sandbox dir;
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--log-level=debug", "--log-file=test.log"}));
  REQUIRE_FALSE(cfg.open_log());
  CHECK(log::get_level() == log::level::debug);
  log::debug("a line");
  CHECK(log::flush());
  CHECK(fs::file_size("test.log") > 0);
  log::close_file();
  log::set_level(log::level::info);
  cfg.tracing.file = "/dev/null/x.jsonl";
  CHECK(mentions(public_message(cfg.open_log()),
                 "--trace-file cannot be \"/dev/null/x.jsonl\""));
  log::close_file();
  cfg.log_file = "/dev/null/x.log";
  CHECK(mentions(public_message(cfg.open_log()),
                 "--log-file cannot be \"/dev/null/x.log\""));
}

TEST_CASE("loading reports the status to exit with") {
  sandbox dir;
  auto run = [](std::string arg) {
    std::string name = "test";
    char* argv[] = {name.data(), arg.data(), nullptr};
    return configuration{}.load_or_report(2, argv);
  };
  CHECK(run("--port=9000") == std::nullopt);
  CHECK(run("--port=x") == 2);
  CHECK(run("--log-file=/dev/null/x.log") == 2);
  CHECK(run("--help") == 0);
}
