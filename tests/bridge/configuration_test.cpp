#include "flamigo/bridge/configuration.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "flamigo/error.hpp"

using namespace flamigo;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace fs = std::filesystem;

namespace {

/// An empty working directory, and no APP_ENV, while it lives.
class sandbox {
public:
  sandbox()
    : before_(fs::current_path()),
      path_(fs::temp_directory_path()
            / ("flamigo-configuration-test-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_ / "config");
    fs::current_path(path_);
    ::unsetenv("APP_ENV");
  }

  ~sandbox() {
    fs::current_path(before_);
    fs::remove_all(path_);
    ::unsetenv("APP_ENV");
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream{path_ / name} << text;
  }

private:
  fs::path before_;
  fs::path path_;
};

caf::error load(configuration& cfg, std::vector<std::string> args = {}) {
  args.insert(args.begin(), "test");
  std::vector<char*> argv;
  for (auto& arg : args)
    argv.push_back(arg.data());
  argv.push_back(nullptr);
  return cfg.load(static_cast<int>(args.size()), argv.data());
}

/// The sentence with which a command line is refused.
std::string refusal(std::vector<std::string> args) {
  configuration cfg;
  return public_message(load(cfg, std::move(args)));
}

/// The same for a configuration file.
std::string file_refusal(sandbox& dir, const std::string& text) {
  dir.write("test.conf", text);
  return refusal({"--config-file=test.conf"});
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

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
}

// -- the command line ---------------------------------------------------------

TEST_CASE("a value follows after an equals sign or as the next word") {
  sandbox dir;
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--port=9000", "--host", "::1", "--threads", "2",
                           "--ping-interval=250ms", "--pong-timeout", "2min",
                           "--expose-traces", "--server.path=/socket",
                           "--log-level", "debug"}));
  CHECK(cfg.server.port == 9000);
  CHECK(cfg.server.host == "::1");
  CHECK(cfg.server.threads == 2);
  CHECK(cfg.server.ping_interval == milliseconds{250});
  CHECK(cfg.server.pong_timeout == minutes{2});
  CHECK(cfg.client.expose_traces);
  CHECK(cfg.server.path == "/socket");
  CHECK(cfg.log_level == log::level::debug);
}

TEST_CASE("a flag may be turned off") {
  sandbox dir;
  configuration cfg;
  dir.write("config/development.conf", "server { compression = true }\n");
  REQUIRE_FALSE(load(cfg, {"--expose-traces=true", "--compression=false"}));
  CHECK(cfg.client.expose_traces);
  CHECK_FALSE(cfg.server.compression);
  CHECK(mentions(refusal({"--compression=maybe"}), "it takes true or false"));
  // A flag does not take the next word.
  CHECK(mentions(refusal({"--compression", "true"}), "\"true\" belongs to no"));
}

TEST_CASE("lists are separated by commas") {
  sandbox dir;
  configuration cfg;
  REQUIRE_FALSE(
    load(cfg, {"--allowed-origins", "https://a.example,http://localhost:3000",
               "--kept-headers=user-agent"}));
  CHECK(
    cfg.server.allowed_origins
    == std::vector<std::string>{"https://a.example", "http://localhost:3000"});
  CHECK(cfg.server.kept_headers == std::vector<std::string>{"user-agent"});
  REQUIRE_FALSE(load(cfg, {"--allowed-origins", "\"http://[::1]:8080\""}));
  CHECK(cfg.server.allowed_origins
        == std::vector<std::string>{"http://[::1]:8080"});
}

TEST_CASE("every member is an option") {
  sandbox dir;
  configuration cfg;
  REQUIRE_FALSE(load(
    cfg, {"--max-connections=11", "--max-message-bytes=12",
          "--max-header-bytes=512", "--handshake-timeout=1s",
          "--backlog-timeout=2s", "--close-timeout=3s", "--drain-timeout=0s",
          "--max-backlog-bytes=13", "--max-in-flight=14", "--max-refused=15",
          "--request-timeout=4s", "--max-malformed=16", "--log-file=x.log"}));
  CHECK(cfg.server.max_connections == 11);
  CHECK(cfg.server.max_message_bytes == 12);
  CHECK(cfg.server.max_header_bytes == 512);
  CHECK(cfg.server.handshake_timeout == seconds{1});
  CHECK(cfg.server.backlog_timeout == seconds{2});
  CHECK(cfg.server.close_timeout == seconds{3});
  CHECK(cfg.server.drain_timeout == seconds{0});
  CHECK(cfg.server.max_backlog_bytes == 13);
  CHECK(cfg.client.max_in_flight == 14);
  CHECK(cfg.client.max_refused == 15);
  CHECK(cfg.client.request_timeout == seconds{4});
  CHECK(cfg.client.max_malformed == 16);
  CHECK(cfg.log_file == "x.log");
}

TEST_CASE("what is no option is refused") {
  sandbox dir;
  CHECK(refusal({"--bogus=3"}) == "there is no option --bogus: see --help");
  CHECK(refusal({"-x"}) == "there is no option -x: see --help");
  CHECK(refusal({"--"}) == "there is no option --: see --help");
  CHECK(refusal({"--dump-config"})
        == "there is no option --dump-config: see --help");
  CHECK(refusal({"--port", "1", "serve"})
        == "the argument \"serve\" belongs to no option: see --help");
  CHECK(refusal({""}) == "the argument \"\" belongs to no option: see --help");
  CHECK(refusal({"-"})
        == "the argument \"-\" belongs to no option: see "
           "--help");
}

TEST_CASE("a value that does not fit is refused with a sentence") {
  sandbox dir;
  CHECK(refusal({"--port", "70000"})
        == "--port cannot be \"70000\": it takes a whole number from 0 to "
           "65535");
  CHECK(refusal({"--port=abc"})
        == "--port cannot be \"abc\": it takes a whole number from 0 to 65535");
  CHECK(mentions(refusal({"--port="}), "--port cannot be \"\""));
  CHECK(mentions(refusal({"--port"}), "--port has no value"));
  CHECK(mentions(refusal({"--port", "--host", "x"}), "--port has no value"));
  CHECK(refusal({"--max-message-bytes=-1"})
        == "--max-message-bytes cannot be \"-1\": it takes a whole number, 0 "
           "or more");
  CHECK(mentions(refusal({"--max-message-bytes=99999999999999999999"}),
                 "--max-message-bytes cannot be"));
  CHECK(mentions(refusal({"--ping-interval=10"}), "with a unit"));
  CHECK(mentions(refusal({"--ping-interval=soon"}), "with a unit"));
  CHECK(refusal({"--log-level=loud"})
        == "--log-level cannot be \"loud\": it takes trace, debug, info, "
           "warning, error or off");
}

TEST_CASE("a value that makes no sense is refused with a sentence") {
  sandbox dir;
  CHECK(refusal({"--pong-timeout=0s"})
        == "--pong-timeout cannot be \"0s\": it takes a time from 1ms to "
           "8760h");
  CHECK(refusal({"--max-message-bytes", "0"})
        == "--max-message-bytes cannot be \"0\": it takes a whole number from "
           "1 to 1073741824");
  CHECK(refusal({"--path=ws"})
        == "--path cannot be \"ws\": it takes a path that begins with a slash, "
           "such as /ws, and has no query");
  for (auto arg : {"--path=",
                   "--path=/a b",
                   "--path=/a?b",
                   "--path=/\x01",
                   "--host=",
                   "--host=a b",
                   "--threads=1025",
                   "--max-connections=0",
                   "--max-header-bytes=10",
                   "--max-backlog-bytes=0",
                   "--handshake-timeout=-1s",
                   "--ping-interval=10ns",
                   "--backlog-timeout=0s",
                   "--close-timeout=8761h",
                   "--drain-timeout=-1ms",
                   "--max-in-flight=0",
                   "--max-refused=0",
                   "--max-malformed=0",
                   "--request-timeout=0s",
                   "--kept-headers=a:b",
                   "--kept-headers=a b"}) {
    auto name = std::string{arg}.substr(0, std::string{arg}.find('='));
    INFO(arg);
    CHECK(mentions(refusal({arg}), name + " cannot be \""));
    CHECK(mentions(refusal({arg}), "it takes "));
  }
}

TEST_CASE("an origin is written as browsers send it") {
  sandbox dir;
  for (auto text : {"https://example.org", "http://localhost:3000",
                    "http://127.0.0.1", "app://my-app", "*"})
    CHECK_FALSE(mentions(refusal({"--allowed-origins", text}), "cannot"));
  for (auto text :
       {"example.org", "https://example.org/", "https://",
        "https://example.org/app", "HTTPS://example.org", "https://Example.org",
        "https://a:0", "https://a:70000", "https://a:", "https://a:b", "null",
        "://a", "https://a b", "https://*.example.org"}) {
    INFO(text);
    CHECK(mentions(refusal({"--allowed-origins", text}),
                   "--allowed-origins cannot be \""));
  }
}

// -- the file -----------------------------------------------------------------

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
                    "--max-message-bytes",
                    "--max-header-bytes",
                    "--handshake-timeout",
                    "--ping-interval",
                    "--pong-timeout",
                    "--backlog-timeout",
                    "--close-timeout",
                    "--drain-timeout",
                    "--max-backlog-bytes",
                    "--allowed-origins",
                    "--kept-headers",
                    "--compression",
                    "--max-in-flight",
                    "--max-refused",
                    "--request-timeout",
                    "--max-malformed",
                    "--expose-traces",
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

// -- the log ------------------------------------------------------------------

TEST_CASE("the log is set up as configured") {
  sandbox dir;
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--log-level=debug", "--log-file=test.log"}));
  REQUIRE_FALSE(cfg.open_log());
  CHECK(log::get_level() == log::level::debug);
  log::debug("a line");
  CHECK(fs::file_size("test.log") > 0);
  log::close_file();
  log::set_level(log::level::info);
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
