import Peripherals

extension DeviceManager: DeviceReporting {}
