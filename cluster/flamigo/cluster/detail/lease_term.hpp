#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "flamigo/cluster/detail/held_lease.hpp"
#include "flamigo/domain/domain_term.hpp"

namespace flamigo::detail {

/// A domain's time on this node: as long as this holds the lease by the same
/// token.
class lease_term final : public domain_term {
public:
  lease_term(std::shared_ptr<const held_lease> of, std::uint64_t token)
    : domain_term(token), of_(std::move(of)) {
  }

  bool lasts() const noexcept override {
    return of_->token() == token();
  }

private:
  const std::shared_ptr<const held_lease> of_;
};

} // namespace flamigo::detail
