#pragma once

#include <functional>
#include <utility>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// What is done when something of a socket is done. One type for all of it: the
/// types of Beast have those of what they call in their names, many times over.
class websocket_step {
public:
  explicit websocket_step(std::function<void(error_code)> f)
    : f_(std::move(f)) {
  }

  template <class... Ts>
  void operator()(error_code ec, Ts&&...) const {
    f_(ec);
  }

private:
  std::function<void(error_code)> f_;
};

} // namespace flamigo::detail
