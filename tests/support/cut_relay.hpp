#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::test {

/// Stands between clients and a server, on a port and a thread of its own, and
/// cuts what goes through it when the test says so.
class cut_relay {
public:
  cut_relay() {
    accept();
    thread_ = std::thread{[this] { io_.run(); }};
  }

  cut_relay(const cut_relay&) = delete;

  cut_relay& operator=(const cut_relay&) = delete;

  ~cut_relay() {
    io_.stop();
    thread_.join();
  }

  std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port())
           + "/ws";
  }

  /// Who comes from now on gets there.
  void aim(std::uint16_t port) {
    port_ = port;
  }

  /// Cuts all that goes through it, as a network does that is gone.
  void cut() {
    std::promise<void> done;
    detail::net::post(io_, [&] {
      for (auto& x : std::exchange(open_, {}))
        if (auto it = x.lock())
          it->cut();
      done.set_value();
    });
    done.get_future().wait();
  }

  /// How many have come.
  int accepted() const noexcept {
    return accepted_;
  }

private:
  using socket = detail::net::ip::tcp::socket;
  using error_code = detail::error_code;

  struct passage : std::enable_shared_from_this<passage> {
    passage(socket client, detail::net::io_context& io)
      : ends{std::move(client), socket{io}} {
    }

    void pump(std::size_t from) {
      ends[from].async_read_some(
        detail::net::buffer(bytes[from]),
        [self = shared_from_this(), from](error_code ec, std::size_t n) {
          if (ec)
            return self->cut();
          detail::net::async_write(
            self->ends[1 - from],
            detail::net::buffer(self->bytes[from].data(), n),
            [self, from](error_code failed, std::size_t) {
              if (failed)
                self->cut();
              else
                self->pump(from);
            });
        });
    }

    void cut() {
      error_code ignored;
      for (auto& x : ends)
        x.close(ignored);
    }

    std::array<socket, 2> ends;
    std::array<std::array<char, 4096>, 2> bytes{};
  };

  void accept() {
    acceptor_.async_accept([this](error_code ec, socket client) {
      if (ec)
        return;
      ++accepted_;
      auto made = std::make_shared<passage>(std::move(client), io_);
      open_.push_back(made);
      made->ends[1].async_connect({detail::net::ip::address_v4::loopback(),
                                   port_.load()},
                                  [made](error_code failed) {
                                    if (failed)
                                      return made->cut();
                                    made->pump(0);
                                    made->pump(1);
                                  });
      accept();
    });
  }

  detail::net::io_context io_;
  detail::net::ip::tcp::acceptor acceptor_{
    io_,
    {detail::net::ip::address_v4::loopback(), 0}};
  std::atomic<std::uint16_t> port_ = 0;
  std::atomic<int> accepted_ = 0;
  std::vector<std::weak_ptr<passage>> open_;
  std::thread thread_;
};

} // namespace flamigo::test
