#include "flamigo/remote/detail/remote_credentials.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/error/detail/guarded.hpp"

namespace flamigo::detail {

caf::expected<std::string> remote_credentials::get() {
  if (token_)
    return *token_;
  if (!options_.token)
    return std::string{};
  auto got = guarded([&] { return options_.token(); },
                     [](caf::error why) -> caf::expected<remote_token> {
                       return why;
                     });
  if (!got)
    return std::move(got.error());
  taken(std::chrono::floor<std::chrono::milliseconds>(got->expires_in));
  token_ = std::move(got->text);
  return *token_;
}

void remote_credentials::taken(std::chrono::milliseconds expires_in) {
  if (expires_in.count() > 0)
    end_ = clock_.now() + std::min(expires_in, longest);
}

std::optional<caf::timespan> remote_credentials::rest() const {
  if (!end_)
    return std::nullopt;
  return *end_ - clock_.now();
}

void remote_credentials::forget() {
  token_.reset();
  end_.reset();
}

} // namespace flamigo::detail
