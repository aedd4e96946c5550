#pragma once

namespace flamigo::detail {

/// Something that has had its share of a turn and has more to do.
class patient {
public:
  virtual void go_on() = 0;

protected:
  ~patient() = default;
};

} // namespace flamigo::detail
