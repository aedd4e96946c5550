#include "flamigo/io/detail/address_table.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::address_table;
using flamigo::detail::address_ticket;
namespace net = flamigo::detail::net;

namespace {

auto at(const char* text) {
  return net::ip::make_address(text);
}

} // namespace

TEST_CASE("an address has as many tickets as it may have") {
  address_table uut;
  uut.set_bound(2);
  auto one = uut.enter(at("192.0.2.1"));
  CHECK(one);
  auto two = uut.enter(at("192.0.2.1"));
  CHECK(two);
  CHECK_FALSE(uut.enter(at("192.0.2.1")));
  CHECK(uut.enter(at("192.0.2.2")));
  two = {};
  CHECK(uut.enter(at("192.0.2.1")));
}

TEST_CASE("an address that has nothing is forgotten") {
  address_table uut;
  uut.set_bound(2);
  {
    auto one = uut.enter(at("192.0.2.1"));
    auto two = uut.enter(at("192.0.2.1"));
    auto other = uut.enter(at("::1"));
    CHECK(uut.size() == 2);
    auto moved = std::move(one);
    two = std::move(moved);
    CHECK(uut.size() == 2);
  }
  CHECK(uut.size() == 0);
}

TEST_CASE("of IPv6 a network of 64 bits counts as one") {
  address_table uut;
  uut.set_bound(1);
  auto one = uut.enter(at("2001:db8::1"));
  CHECK_FALSE(uut.enter(at("2001:db8::ffff:ffff:ffff:ffff")));
  CHECK(uut.enter(at("2001:db8:0:1::1")));
  // An address of IPv4 is one, however it is written.
  auto two = uut.enter(at("192.0.2.1"));
  CHECK_FALSE(uut.enter(at("::ffff:192.0.2.1")));
  CHECK(uut.enter(at("::ffff:192.0.2.2")));
  CHECK(uut.enter(at("::1")));
}

TEST_CASE("without a bound nothing is counted") {
  address_table uut;
  CHECK_FALSE(uut.is_bounded());
  CHECK_FALSE(uut.enter(at("192.0.2.1")));
  CHECK(uut.size() == 0);
}

TEST_CASE("threads count together") {
  address_table uut;
  uut.set_bound(3);
  std::atomic<int> most = 0;
  std::atomic<int> now = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 2'000; ++n)
        if (auto ticket = uut.enter(at("192.0.2.1"))) {
          auto seen = ++now;
          for (auto old = most.load();
               old < seen && !most.compare_exchange_weak(old, seen);)
            ;
          --now;
        }
    });
  for (auto& x : threads)
    x.join();
  CHECK(most <= 3);
  CHECK(uut.size() == 0);
}
