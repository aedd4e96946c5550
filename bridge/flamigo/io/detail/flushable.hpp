#pragma once

namespace flamigo::detail {

/// Something with output that leaves at the end of the turn.
class flushable {
public:
  virtual void flush() = 0;

protected:
  ~flushable() = default;
};

} // namespace flamigo::detail
