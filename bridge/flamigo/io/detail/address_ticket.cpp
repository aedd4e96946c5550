#include "flamigo/io/detail/address_ticket.hpp"

#include "flamigo/io/detail/address_table.hpp"

namespace flamigo::detail {

address_ticket::~address_ticket() {
  if (table_ != nullptr)
    table_->leave(key_);
}

} // namespace flamigo::detail
