#pragma once

#include <memory>

#include "flamigo/http/detail/http_task_handler.hpp"
#include "flamigo/http/http.hpp"

namespace flamigo::detail {

/// A handler that does not wait, in the place of one that does.
class plain_task final : public http_task_handler {
public:
  explicit plain_task(http_handler handler);

  void begin(context& ctx,
             const std::shared_ptr<held_task>& what) const override;

private:
  http_handler handler_;
};

} // namespace flamigo::detail
