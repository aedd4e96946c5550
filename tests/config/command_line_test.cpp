#include "support/configuration_sandbox.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;
using namespace flamigo::test;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

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
  REQUIRE_FALSE(load(cfg, {"--max-connections=11",   "--max-message-bytes=12",
                           "--max-header-bytes=512", "--handshake-timeout=1s",
                           "--backlog-timeout=2s",   "--close-timeout=3s",
                           "--drain-timeout=0s",     "--max-backlog-bytes=13",
                           "--max-in-flight=14",     "--max-refused=15",
                           "--max-subscriptions=17", "--request-timeout=4s",
                           "--max-queued=20",        "--max-malformed=16",
                           "--auth-timeout=0s",      "--auth-max-bytes=18",
                           "--auth-max-messages=19", "--auth-expiry-grace=0s",
                           "--auth-cookie=session",  "--auth-guest-events",
                           "--log-file=x.log",       "--allowed-hosts=a,b:1",
                           "--public-scheme=https",  "--blocking-threads=21",
                           "--blocking-max-queued=0"}));
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
  CHECK(cfg.client.max_subscriptions == 17);
  CHECK(cfg.client.max_queued == 20);
  CHECK(cfg.client.request_timeout == seconds{4});
  CHECK(cfg.client.max_malformed == 16);
  CHECK(cfg.auth.timeout == seconds{0});
  CHECK(cfg.auth.max_bytes == 18);
  CHECK(cfg.auth.max_messages == 19);
  CHECK(cfg.auth.expiry_grace == seconds{0});
  CHECK(cfg.auth.cookie == "session");
  CHECK(cfg.auth.guest_events);
  CHECK(cfg.log_file == "x.log");
  CHECK(cfg.server.allowed_hosts == std::vector<std::string>{"a", "b:1"});
  CHECK(cfg.server.public_scheme == "https");
  CHECK(cfg.blocking.threads == 21);
  CHECK(cfg.blocking.max_queued == 0);
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
  CHECK(refusal({"--log-format=xml"})
        == "--log-format cannot be \"xml\": it takes text or json");
}

TEST_CASE("a share of the traces is from nothing to all of them") {
  sandbox dir;
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--trace-sample=0.25", "--log-format=json",
                           "--trace-file=x.jsonl", "--trace-service=chat"}));
  CHECK(cfg.tracing.sample == 0.25);
  CHECK(cfg.tracing.file == "x.jsonl");
  CHECK(cfg.tracing.service == "chat");
  CHECK(cfg.log_format == log::format::json);
  for (auto whole : {"--trace-sample=0", "--trace-sample=1"})
    CHECK_FALSE(load(cfg, {whole}));
  CHECK(cfg.tracing.sample == 1);
  for (auto bad : {"1.5", "-0.1", "nan", "inf", "much"}) {
    CAPTURE(bad);
    CHECK(mentions(refusal({"--trace-sample=" + std::string{bad}}),
                   "--trace-sample cannot be"));
  }
  CHECK(refusal({"--trace-sample=1.5"})
        == "--trace-sample cannot be \"1.5\": it takes a number from 0 to 1, "
           "such as 0.01");
}

TEST_CASE("whom to believe is said in addresses and networks") {
  sandbox dir;
  flamigo::configuration cfg;
  REQUIRE_FALSE(
    load(cfg, {"--trusted-proxies=::1,10.0.0.0/8", "--proxy-protocol=true"}));
  CHECK(cfg.server.trusted_proxies
        == std::vector<std::string>{"::1", "10.0.0.0/8"});
  CHECK(cfg.server.proxy_protocol);
  CHECK(refusal({"--trusted-proxies=::1,10.0.0.1/8"})
        == "--trusted-proxies cannot be \"10.0.0.1/8\": it takes addresses and "
           "networks, such as ::1 or 10.0.0.0/8, with no bit set behind the "
           "prefix");
  CHECK(refusal({"--proxy-protocol=true"})
        == "--proxy-protocol cannot be \"true\": it takes the proxies that "
           "speak it, in --trusted-proxies");
}

TEST_CASE("a time that no clock holds is refused, and not another one taken") {
  sandbox dir;
  // 2^64 nanoseconds are 5124095.58 hours.
  for (auto text :
       {"5124096h", "2562048h", "-5124096h", "9223372037s", "307445734562min",
        "18446744073709552ms", "18446744073709552000us",
        "18446744073709552000ns", "99999999999999999999s"})
    CHECK(refusal({"--request-timeout", text})
          == "--request-timeout cannot be \"" + std::string{text}
               + "\": it takes a time of at most 2562047h, which is what a "
                 "clock holds");
  CHECK(refusal({"--request-timeout=2562047h"})
        == "--request-timeout cannot be \"2562047h\": it takes a time from 1ms "
           "to 8760h");
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--request-timeout=8760h",
                           "--auth-expiry-grace=31536000000000000ns"}));
  CHECK(cfg.auth.expiry_grace == cfg.client.request_timeout);
}

TEST_CASE("all times have an end that can be added to a clock") {
  sandbox dir;
  for (std::string name :
       {"handshake-timeout", "ping-interval", "pong-timeout", "backlog-timeout",
        "close-timeout", "drain-timeout", "request-timeout", "auth-timeout",
        "auth-expiry-grace", "stream.max-batch-delay",
        "stream.credit-round-interval", "stream.desired-batch-complexity",
        "scheduler.profiling-resolution",
        "work-stealing.moderate-sleep-duration",
        "work-stealing.relaxed-sleep-duration"}) {
    INFO(name);
    configuration cfg;
    CHECK_FALSE(load(cfg, {"--" + name + "=8760h"}));
    CHECK(
      mentions(refusal({"--" + name + "=8761h"}),
               "--" + name + " cannot be \"8761h\": it takes a time from "));
    CHECK(mentions(refusal({"--" + name + "=-1s"}), " to 8760h"));
  }
}

TEST_CASE("a number is what it looks like") {
  sandbox dir;
  for (auto arg : {"--port=010", "--max-malformed=007", "--threads=00",
                   "--ping-interval=010s", "--scheduler.max-threads=04",
                   "--port=08", "--port=+08"}) {
    INFO(arg);
    CHECK(
      mentions(refusal({arg}), "it takes a number without a zero in front"));
  }
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--port=0", "--threads=0", "--drain-timeout=0s",
                           "--auth-cookie=010", "--max-malformed=0x10"}));
  CHECK(cfg.auth.cookie == "010");
  CHECK(cfg.client.max_malformed == 16);
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
                   "--max-header-bytes=65537",
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
                   "--auth-timeout=-1s",
                   "--auth-max-bytes=0",
                   "--auth-max-messages=0",
                   "--auth-expiry-grace=-1s",
                   "--auth-cookie=a b",
                   "--blocking-threads=0",
                   "--blocking-max-queued=1000001",
                   "--public-scheme=",
                   "--public-scheme=HTTPS",
                   "--public-scheme=ftp",
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

TEST_CASE("an allowed host is written without scheme and path") {
  sandbox dir;
  for (auto text : {"example.org", "Example.org", "localhost:8080", "my_host",
                    "127.0.0.1", "\"[::1]\"", "\"[2001:db8::1]:8080\"", ""})
    CHECK_FALSE(mentions(refusal({"--allowed-hosts", text}), "cannot"));
  for (auto text : {"https://example.org", "example.org/", "a b", "*",
                    "*.example.org", "a:", "a:0", "a:70000", "a:b", "::1",
                    "\"[::1\"", "a@b", "caf\xc3\xa9", "%61"}) {
    INFO(text);
    CHECK(mentions(refusal({"--allowed-hosts", text}),
                   "--allowed-hosts cannot be \""));
    CHECK(mentions(refusal({"--allowed-hosts", text}), "it takes names or"));
  }
}

TEST_CASE(
  "of an option that stands twice the later counts, but no list is lost") {
  sandbox dir;
  configuration cfg;
  REQUIRE_FALSE(load(cfg, {"--port=1", "--server.port", "2",
                           "--max-header-bytes=65536", "--port=3"}));
  CHECK(cfg.server.port == 3);
  CHECK(caf::get_or(cfg, "server.port", std::uint16_t{0}) == 3);
  CHECK(refusal({"--allowed-hosts=a", "--server.allowed-hosts", "b"})
        == "--server.allowed-hosts stands twice: name all of its values in "
           "one, separated by commas");
}

TEST_CASE("a number in a list is what it looks like") {
  class ports_configuration : public configuration {
  public:
    ports_configuration() {
      opt_group{custom_options_, "?more"}.add(ports, "ports", "to listen on");
    }

    std::vector<std::uint16_t> ports;
  };
  sandbox dir;
  ports_configuration cfg;
  CHECK(public_message(load(cfg, {"--ports=80,010"}))
        == "--ports cannot be \"80,010\": it takes a number without a zero in "
           "front, which would make it octal");
  REQUIRE_FALSE(load(cfg, {"--ports=80,10"}));
  CHECK(cfg.ports == std::vector<std::uint16_t>{80, 10});
}

TEST_CASE("options of TLS fit together") {
  std::string files = "--tls-certificates=[\"a.pem\",\"b.pem\"]";
  CHECK(refusal({files}).empty());
  CHECK(refusal({files, "--tls-keys=[\"a.key\",\"b.key\"]"}).empty());
  CHECK(refusal({files, "--tls-keys=[\"a.key\"]"})
        == "--tls-keys cannot be \"1 files\": it takes as many as "
           "--tls-certificates, which are 2, or none if the keys stand in "
           "those");
  CHECK(refusal({"--tls-port=443"})
        == "--tls-certificates cannot be \"\": it takes the files that "
           "--tls-port needs");
  for (std::string option :
       {"--tls-only", "--tls-redirect", "--tls-public-port=443",
        "--tls-hsts=1h", "--tls-min-version=1.3", "--tls-client-ca=ca.pem"}) {
    INFO(option);
    CHECK(mentions(refusal({option}), option.substr(0, option.find('='))));
    CHECK(refusal({files, option}).empty());
  }
  CHECK(mentions(refusal({files, "--tls-min-version=1.1"}),
                 "--tls-min-version cannot be \"1.1\": it takes 1.2 or 1.3"));
  CHECK(mentions(refusal({files, "--tls-require-client-certificate"}),
                 "--tls-client-ca"));
  CHECK(mentions(refusal({files, "--tls-max-handshakes=0"}),
                 "--tls-max-handshakes cannot be \"0\""));
}
