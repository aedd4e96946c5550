#ifndef FRONT_DOOR
#  define FRONT_DOOR <flamigo/flamigo.hpp>
#endif
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include FRONT_DOOR

struct order {
  std::string name;
  int count;
};

BOOST_DESCRIBE_STRUCT(order, (), (name, count))

struct shop_state {
  std::vector<order> orders;
};

flamigo::domain_behavior shop(flamigo::domain_actor<shop_state>* self) {
  return {flamigo::on("app::shop:order", flamigo::is_websocket(),
                      [=](const order& in) {
                        self->state.orders.push_back(in);
                        return self->state.orders.size();
                      })};
}
