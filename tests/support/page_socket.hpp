#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/socket_pair.hpp"
#include "support/threaded_host.hpp"

namespace flamigo::test {

/// The socket of a page that comes and goes. It never waits.
class page_socket {
public:
  void connect(threaded_host& to) {
    peer_ = std::make_unique<socket_pair>();
    to.accept(*peer_);
    peer_->upgrade();
  }

  void close() {
    peer_.reset();
    is_open_ = false;
    bytes_.clear();
  }

  /// Whether it was connected.
  bool is_there() const noexcept {
    return peer_ != nullptr;
  }

  /// Whether the server has let it in, as far as was read.
  bool is_open() const noexcept {
    return is_open_;
  }

  void send(const std::string& text) {
    peer_->send_text(text);
  }

  /// The messages that have come. Throws if there is a frame that is none.
  std::vector<std::string> read() {
    std::vector<std::string> result;
    bytes_ += peer_->received();
    if (!is_open_) {
      auto end = bytes_.find("\r\n\r\n");
      if (end == bytes_.npos)
        return result;
      bytes_.erase(0, end + 4);
      is_open_ = true;
    }
    std::size_t begin = 0;
    for (;;) {
      auto at = [&](std::size_t i) {
        return static_cast<unsigned char>(bytes_[begin + i]);
      };
      auto left = bytes_.size() - begin;
      if (left < 4)
        break;
      std::size_t header = 2;
      std::size_t size = at(1);
      if (size == 126) {
        header = 4;
        size = std::size_t{at(2)} << 8 | at(3);
      }
      if (left < header + size)
        break;
      if (at(0) != 0x81)
        throw std::runtime_error{"a frame of the kind "
                                 + std::to_string(at(0))};
      result.push_back(bytes_.substr(begin + header, size));
      begin += header + size;
    }
    bytes_.erase(0, begin);
    return result;
  }

private:
  std::unique_ptr<socket_pair> peer_;
  std::string bytes_;
  bool is_open_ = false;
};

} // namespace flamigo::test
