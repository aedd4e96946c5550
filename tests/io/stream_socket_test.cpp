#include "flamigo/io/detail/stream_socket.hpp"

#include <catch2/catch_test_macros.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace std::chrono_literals;

TEST_CASE("a socket gives up when nothing of what it sends arrives") {
  auto fd = ::socket(AF_INET, SOCK_STREAM, 0);
  flamigo::detail::stream_socket what{fd};
  auto limit = [fd] {
    unsigned value = 0;
    socklen_t size = sizeof(value);
    ::getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &size);
    return value;
  };
  CHECK(limit() == 0);
  what.give_up_after(10s);
  CHECK(limit() == 10'000);
  // 0 would be the system's own.
  what.give_up_after(1us);
  CHECK(limit() == 1);
  what.give_up_after(std::chrono::nanoseconds::max());
  CHECK(limit() == 86'400'000);
}
