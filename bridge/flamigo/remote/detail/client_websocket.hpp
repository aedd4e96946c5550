#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "flamigo/remote/detail/websocket_dial.hpp"
#include "flamigo/remote/detail/websocket_socket.hpp"

namespace flamigo::detail {

/// A WebSocket, which lives as long as something of it is under way.
template <class Stream>
class client_websocket
  : public std::enable_shared_from_this<client_websocket<Stream>> {
public:
  /// How many messages may wait for the socket.
  static constexpr std::size_t max_unsent = 10'000;

  /// How long a good-bye may take.
  static constexpr auto farewell = std::chrono::seconds{1};

  template <class... Ts>
  client_websocket(net::io_context& on, remote_url where,
                   const remote_options& options, remote_socket_events& events,
                   Ts&... more)
    : events_(&events), farewell_(on), stream_(on, more...),
      dial_(on, std::move(where), stream_) {
    // An attempt as a whole is timed by who makes it.
    stream_.set_option(limit(options.connect_timeout));
    stream_.set_option(beast::websocket::stream_base::decorator(
      [](beast::websocket::request_type& request) {
        request.set(beast::http::field::sec_websocket_protocol, "flamigo.v1");
      }));
    stream_.read_message_max(options.max_message_bytes);
    stream_.auto_fragment(false);
  }

  void open() {
    dial_.start([self = this->shared_from_this()](error_code ec) {
      if (!self->goes_on(ec))
        return;
      self->is_open_ = true;
      self->events_->opened();
      self->read();
    });
  }

  void send(std::string text) {
    if (out_.size() == max_unsent)
      return cut("the server does not read");
    out_.push_back(std::move(text));
    if (out_.size() == 1)
      write();
  }

  /// Nothing is said any more.
  void close() {
    events_ = nullptr;
    if (!is_open_)
      return dial_.stop();
    // For what was sent as well.
    farewell_.expires_after(farewell);
    farewell_.async_wait(then([](auto& self, error_code ec) {
      if (!ec)
        self.hang_up();
    }));
    if (out_.empty())
      say_good_bye();
  }

private:
  static beast::websocket::stream_base::timeout limit(auto time) {
    return {std::chrono::duration_cast<net::steady_timer::duration>(time),
            beast::websocket::stream_base::none(), false};
  }

  void hang_up() {
    beast::get_lowest_layer(stream_).close();
  }

  /// Who reads finds out.
  void cut(std::string why) {
    why_ = std::move(why);
    hang_up();
  }

  /// Whether nothing has failed and somebody wants to know.
  bool goes_on(error_code ec) {
    if (events_ == nullptr)
      return false;
    if (ec)
      fail(ec);
    return !ec;
  }

  void fail(error_code ec) {
    auto* events = std::exchange(events_, nullptr);
    is_open_ = false;
    // Nobody waits for what is still being written.
    hang_up();
    auto& reason = stream_.reason();
    if (ec == beast::websocket::error::closed)
      return events->ended(reason.code == beast::websocket::close_code::none
                             ? 1005
                             : static_cast<std::uint16_t>(reason.code),
                           std::string{reason.reason.data(),
                                       reason.reason.size()});
    const std::string& why = why_.empty() ? dial_.why() : why_;
    events->ended(1006, why.empty() ? ec.message() : why);
  }

  /// Does it with this, which lives until then.
  template <class F>
  websocket_step then(F f) {
    return websocket_step{
      [self = this->shared_from_this(), f](error_code ec) { f(*self, ec); }};
  }

  void read() {
    stream_.async_read(in_, then([](auto& self, error_code ec) {
                         if (!self.goes_on(ec))
                           return;
                         auto text = beast::buffers_to_string(self.in_.data());
                         self.in_.clear();
                         self.events_->heard(text);
                         // Without ears who says good-bye reads the other
                         // end's.
                         if (self.events_ != nullptr)
                           self.read();
                       }));
  }

  void write() {
    stream_.async_write(net::buffer(out_.front()),
                        then([](auto& self, error_code ec) {
                          if (ec)
                            return; // Who reads finds out, and why.
                          self.out_.pop_front();
                          if (!self.out_.empty())
                            self.write();
                          else if (self.events_ == nullptr)
                            self.say_good_bye();
                        }));
  }

  void say_good_bye() {
    stream_.async_close(
      beast::websocket::close_code::normal,
      then([](auto& self, error_code) { self.farewell_.cancel(); }));
  }

  /// Null when nobody wants to know any more.
  remote_socket_events* events_;
  net::steady_timer farewell_;
  beast::websocket::stream<Stream> stream_;
  websocket_dial<Stream> dial_;
  beast::flat_buffer in_;
  std::deque<std::string> out_;
  /// Why we have hung up, if we have.
  std::string why_;
  bool is_open_ = false;
};

} // namespace flamigo::detail
