#include <chrono>
#include <memory>

#include <catch2/catch_test_macros.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flamigo/application/application.hpp"
#include "flamigo/application/detail/start_failure.hpp"
#include "flamigo/log/detail/complaint.hpp"
#include "support/child_process.hpp"
#include "support/redirected_stderr.hpp"
#include "support/stuck_pipe.hpp"

using namespace flamigo;
using namespace flamigo::test;
using namespace std::chrono_literals;

namespace {

/// A port that somebody listens on.
class taken_port {
public:
  taken_port() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address_);
    auto name = reinterpret_cast<sockaddr*>(&address_);
    REQUIRE(::bind(fd_, name, size) == 0);
    REQUIRE(::listen(fd_, 1) == 0);
    REQUIRE(::getsockname(fd_, name, &size) == 0);
  }

  taken_port(const taken_port&) = delete;

  ~taken_port() {
    ::close(fd_);
  }

  std::uint16_t number() const {
    return ntohs(address_.sin_port);
  }

private:
  int fd_;
  sockaddr_in address_{};
};

} // namespace

TEST_CASE("child: cannot start", "[.]") {
  taken_port port;
  auto config = std::make_unique<configuration>();
  config->server.port = port.number();
  config->log_level = log::level::off;
  application app{std::move(config)};
  CHECK(app.run() == 2);
}

TEST_CASE("child: has a configuration that is refused", "[.]") {
  auto config = std::make_unique<configuration>();
  config->server.path = "";
  application app{std::move(config)};
  CHECK(app.run() == 2);
}

TEST_CASE("child: has a command line that is refused", "[.]") {
  char name[] = "test", option[] = "--no-such-option";
  char* argv[] = {name, option, nullptr};
  application app{2, argv};
  CHECK(app.run() == 2);
}

TEST_CASE("where it cannot listen is told as an address is written") {
  server_options options;
  options.host = "::";
  options.port = 8080;
  auto why
    = detail::start_failure(options, {"--port", 8080}, 1,
                            std::make_error_code(std::errc::address_in_use));
  CHECK(std::string{why.what()}.starts_with("cannot listen on [::]:8080, "));
}

TEST_CASE("a program that cannot start ends, if nobody reads why, too") {
  for (auto name :
       {"child: cannot start", "child: has a configuration that is refused",
        "child: has a command line that is refused"}) {
    INFO(name);
    stuck_pipe pipe;
    child_process child{name, pipe.writer()};
    CHECK(child.wait(30s) == 0);
  }
}

TEST_CASE("why a program does not start is one line") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  {
    redirected_stderr redirection{ends[1]};
    detail::complain("there is no option \"a\nb\"");
    detail::complain(std::string(10'000, 'x'));
  }
  ::close(ends[1]);
  std::string text(20'000, '\0');
  auto n = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  REQUIRE(n > 0);
  text.resize(static_cast<std::size_t>(n));
  CHECK(text
        == "there is no option \"a\\nb\"\n" + std::string(4095, 'x') + "\n");
}
