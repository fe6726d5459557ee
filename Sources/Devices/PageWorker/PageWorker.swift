import Peripherals

enum PageWorker {}
