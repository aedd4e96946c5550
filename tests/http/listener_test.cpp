#include "flamigo/http/detail/listener.hpp"

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

#include "support/socket_fixture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

struct fixture : test::socket_fixture {
  fixture() {
    core.routes.get("/small", {.body = "hello"});
    uut.open({boost::asio::ip::address_v4::loopback(), 0});
    address = {boost::asio::ip::address_v4::loopback(), uut.port()};
    detail::error_code ec;
    uut.accept(ec);
    REQUIRE_FALSE(ec);
  }

  ~fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    uut.end();
  }

  /// A client that has sent its request, of which nobody has heard yet.
  std::unique_ptr<tcp::socket> ask() {
    auto result = std::make_unique<tcp::socket>(io);
    result->connect(address);
    boost::asio::write(*result, boost::asio::buffer(std::string{
                                  "GET /small HTTP/1.1\r\nHost: x\r\n\r\n"}));
    return result;
  }

  void drain() {
    core.draining = true;
    loop.turn([&] {
      uut.close();
      loop.for_each([](detail::resident& what) { what.drain(); });
    });
  }

  boost::asio::io_context io;
  tcp::endpoint address;
  detail::listener uut{core, loop, requests};
};

std::string read_all(tcp::socket& from) {
  std::string result;
  boost::system::error_code ec;
  boost::asio::read(from, boost::asio::dynamic_buffer(result), ec);
  CHECK(ec == boost::asio::error::eof);
  return result;
}

} // namespace

TEST_CASE("whoever has connected before a listener ends is answered") {
  fixture f;
  std::vector<std::unique_ptr<tcp::socket>> clients;
  // More than are accepted in one turn.
  for (int i = 0; i < 200; ++i)
    clients.push_back(f.ask());
  f.drain();
  while (f.core.listening > 0)
    f.loop.context().run_one();
  f.settle();
  for (auto& client : clients) {
    auto got = read_all(*client);
    CHECK(got.starts_with("HTTP/1.1 200 "));
    CHECK(got.find("Connection: close\r\n") != got.npos);
  }
  CHECK(f.core.open == 0);
}

TEST_CASE("nobody gets into a listener that is about to end") {
  fixture f;
  f.drain();
  tcp::socket late{f.io};
  late.open(f.address.protocol());
  late.native_non_blocking(true);
  // Asio would wait for the end of it.
  CHECK(::connect(late.native_handle(), f.address.data(),
                  static_cast<socklen_t>(f.address.size()))
        != 0);
  CHECK(errno == EINPROGRESS);
  while (f.core.listening > 0)
    f.loop.context().run_one();
  CHECK(f.core.open == 0);
  tcp::socket later{f.io};
  boost::system::error_code ec;
  later.connect(f.address, ec);
  CHECK(ec == boost::asio::error::connection_refused);
}

TEST_CASE("a listener that is cut ends at once") {
  fixture f;
  f.drain();
  CHECK(f.core.listening == 1);
  f.loop.turn([&] { f.uut.end(); });
  CHECK(f.core.listening == 0);
  f.settle();
}
