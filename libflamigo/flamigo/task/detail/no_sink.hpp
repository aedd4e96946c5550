#pragma once

#include "flamigo/task/detail/item_sink.hpp"

namespace flamigo::detail {

/// For a stream that is run for what it does: nobody wants its items.
class no_sink final : public item_sink {
public:
  bool put(std::string_view) override {
    return true;
  }
};

} // namespace flamigo::detail
