import { AppRegistry } from 'react-native';
import { App } from './app.jsx';

AppRegistry.registerComponent('MyApp', () => App);
